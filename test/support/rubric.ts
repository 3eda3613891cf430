/**
 * Runs the official C2PA Asset Rubrics (YAML with json-formula over crJSON). Invariant: expressions are evaluated as they stand; a check counts as
 * passed only if it neither fails nor warns. Text in, results out, so that it runs in Node and in workerd. Called by provenance-sign tests.
 * @see https://github.com/c2pa-org/conformance-public (Asset Rubrics 1.0), https://opensource.adobe.com/json-formula/
 */
/// <reference path="./rubric-json-formula.d.ts" />
import JsonFormula, { type CustomFunction, dataTypes } from '@adobe/json-formula';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const headSchema = z.object({
  rubric_metadata: z.object({ name: z.string(), version: z.string() }),
  variables: z.record(z.string(), z.unknown()).default({}),
  expressions: z.record(z.string(), z.string()).default({}),
});
const checkSchema = z.object({
  id: z.string(),
  expression: z.string(),
  failIfMatched: z.boolean().default(false),
  warnIfMatched: z.boolean().default(false),
});

export interface Rubric {
  readonly name: string;
  readonly globals: Readonly<Record<string, unknown>>;
  readonly expressions: Readonly<Record<string, string>>;
  readonly checks: readonly z.infer<typeof checkSchema>[];
}

export interface RubricResult {
  readonly id: string;
  readonly passed: boolean;
  /** What the expression gave. */
  readonly value: unknown;
}

/** @param yaml two documents: head and checks */
export function parseRubric(yaml: string): Rubric {
  const [head, checks] = parseAllDocuments(yaml).map((document) => document.toJS());
  const { rubric_metadata, variables, expressions } = headSchema.parse(head);
  return {
    name: rubric_metadata.name,
    globals: variables,
    expressions,
    checks: z.array(checkSchema).parse(checks),
  };
}

/**
 * Every check of a rubric.
 * @param subject the whole crJSON, or one of its manifests for the signals rubric
 * @param globals over those of the rubric, e.g. `$expected_spec_version`
 */
export function runRubric(
  rubric: Rubric,
  subject: unknown,
  globals: Readonly<Record<string, unknown>> = {},
): RubricResult[] {
  const all = { ...rubric.globals, ...globals };
  const functions: Record<string, CustomFunction> = {};
  // Named expressions are functions: `$args` are what they are called with, the subject is what they look at.
  for (const [name, expression] of Object.entries(rubric.expressions)) {
    functions[name] = {
      _func: (args) => new JsonFormula(functions).search(expression, subject, { ...all, $args: args }),
      _signature: [{ types: [dataTypes.TYPE_ANY], optional: true, variadic: true }],
    };
  }
  return rubric.checks.map(({ id, expression, failIfMatched, warnIfMatched }) => {
    const value = new JsonFormula(functions).search(expression, subject, all);
    return { id, passed: isMatch(value) !== (failIfMatched || warnIfMatched), value };
  });
}

/** Lists match by not being empty. */
function isMatch(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== false;
}
