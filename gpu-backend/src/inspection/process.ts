/**
 * The inspection process: takes one request at a time from its parent and answers with the report. A process of its own, because what it
 * opens was sent in by strangers and because the models hold a core for seconds. Ends with its parent. Started by inspector.ts.
 */
import { answerParent } from './child.ts';
import { inspect } from './inspect.ts';
import type { InspectionAnswer, ToInspection } from './inspector.ts';
import { inspectMedia } from './media/inspect-media.ts';

answerParent<ToInspection, InspectionAnswer>(async (request) =>
  request.kind === 'media'
    ? { kind: 'media', outcome: (await inspectMedia(request)) ?? null }
    : { kind: 'enrolment', outcome: await inspect(request) },
);
