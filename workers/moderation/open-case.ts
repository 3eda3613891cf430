/** Where the edge and its workflows open cases; the rule itself stands beside the case, because objects open cases too (enrolment). */
export { openCase } from '#durable-objects/moderation-case/open-case.ts';
