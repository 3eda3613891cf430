/**
 * What has to be true of every crJSON of ours, independent of any rubric file. Invariant: it looks only at the document, with the specification's
 * words. Called by provenance-sign.test.ts.
 */
import { expect } from 'vitest';
import { z } from 'zod';
import type { SignRequest } from '#schemas/provenance.ts';

const hashedUri = z.object({ url: z.string() });
const manifestSchema = z.object({
  label: z.string(),
  assertions: z.record(z.string(), z.unknown()),
  'claim.v2': z.object({
    claim_generator_info: z.object({ name: z.string(), specVersion: z.string() }),
    created_assertions: z.array(hashedUri),
    gathered_assertions: z.array(hashedUri).default([]),
  }),
  validationResults: z.object({ failure: z.array(z.unknown()) }),
});
const crJsonSchema = z.object({ manifests: z.array(manifestSchema).min(1) });
export type CrJson = z.infer<typeof crJsonSchema>;

export function parseCrJson(document: unknown): CrJson {
  return crJsonSchema.parse(document);
}

const actionsSchema = z.object({
  allActionsIncluded: z.literal(true),
  actions: z
    .array(
      z.object({
        action: z.string().startsWith('c2pa.'),
        digitalSourceType: z.string().optional(),
        parameters: z
          .object({
            ingredients: z.array(hashedUri).optional(),
            relatedAssertions: z.array(hashedUri).optional(),
          })
          .optional(),
      }),
    )
    .min(1),
});
const clipSchema = z.object({
  clipId: z.string(),
  revocationUrl: z.string(),
  provider: z.object({ name: z.string().min(1) }),
  createdAt: z.string(),
  system: z.object({ name: z.string(), version: z.string() }).optional(),
});
const deprecated = [
  'c2pa.actions',
  'c2pa.ingredient',
  'c2pa.ingredient.v2',
  'c2pa.hash.bmff.v2',
  'c2pa.claim',
];

/** The list that always runs. */
export function expectSpotless(crJson: CrJson, request: SignRequest, label: string): void {
  const [active] = crJson.manifests;
  if (active === undefined) throw new Error('no manifest');
  expect(active.label).toBe(label);
  expect(active.label).toMatch(/^urn:c2pa:[0-9a-f-]{36}:kinora$/);
  expect(active['claim.v2'].claim_generator_info).toMatchObject({ name: 'Kinora', specVersion: '2.4.0' });
  expect(active.validationResults.failure).toEqual([]);
  // Everything is vouched for by the signer, nothing merely gathered.
  expect(active['claim.v2'].gathered_assertions).toEqual([]);
  const labels = Object.keys(active.assertions);
  expect(active['claim.v2'].created_assertions.map(({ url }) => url.split('/').at(-1)).toSorted()).toEqual(
    labels.toSorted(),
  );
  expect(labels.filter((one) => deprecated.includes(one))).toEqual([]);
  expectActions(active, request);
  // SB 942: provider, system and version, time, unique identifier.
  const clip = clipSchema.parse(active.assertions['org.kinora.clip']);
  expect(clip).toMatchObject({
    clipId: request.clipId,
    createdAt: request.createdAt,
    revocationUrl: request.revocationUrl,
  });
  expect(clip.system === undefined).toBe('upload' in request);
  // The mandatory exclusions and no other.
  expect(active.assertions['c2pa.hash.bmff.v3']).toMatchObject({
    exclusions: [{ xpath: '/uuid' }, { xpath: '/ftyp' }, { xpath: '/mfra' }],
  });
  expect(JSON.stringify(active.assertions['c2pa.hash.bmff.v3'])).not.toContain('flags');
}

function expectActions(active: CrJson['manifests'][number], request: SignRequest): void {
  const { actions } = actionsSchema.parse(active.assertions['c2pa.actions.v2']);
  const opened = actions.filter(({ action }) => action === 'c2pa.opened');
  const parents =
    'upload' in request ? 1 : request.ingredients.filter((one) => one.relationship === 'parentOf').length;
  expect(opened).toHaveLength(parents);
  expect(opened.map(({ parameters }) => parameters?.ingredients?.length)).toEqual(opened.map(() => 1));
  expect(opened.filter(({ digitalSourceType }) => digitalSourceType !== undefined)).toEqual([]);
  expect(actions[0]?.action).toBe(parents === 1 ? 'c2pa.opened' : 'c2pa.created');
  const made = actions.filter(({ action }) => action === 'c2pa.created' || action === 'c2pa.edited');
  expect(made.map(({ digitalSourceType }) => digitalSourceType)).toEqual(
    'upload' in request
      ? []
      : [`http://cv.iptc.org/newscodes/digitalsourcetype/${request.digitalSourceType}`],
  );
  // Every ingredient is something that an action is about.
  const named = actions.flatMap(({ parameters }) => parameters?.ingredients ?? []).map(({ url }) => url);
  const ingredients = Object.keys(active.assertions).filter((label) => label.startsWith('c2pa.ingredient'));
  expect(named.map((url) => url.split('/').at(-1)).toSorted()).toEqual(ingredients.toSorted());
}

/** Inception signals of the official signals rubric, by kind of output. A sketch is made by an algorithm that was not trained: it has none. */
export function signals(kind: string): string[] {
  if (kind === 'an upload without credentials') return ['mediaUnknownProvenance'];
  return kind === 'a clip of a trained model' || kind === 'a remix of a prompt' ? ['fullyGenAIMedia'] : [];
}
