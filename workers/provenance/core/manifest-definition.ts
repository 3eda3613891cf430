/**
 * What a clip's manifest says, built from a sign request. Invariant: every statement comes from the request, every ingredient
 * is referenced by an action, and the first action is `c2pa.created` or, for a derived clip, `c2pa.opened`. Called by sign.ts.
 * @see C2PA 2.4 §18.15 (actions), §18.16 (ingredient)
 */
import type { AssertionDefinition, ManifestDefinition } from '@contentauth/c2pa-types';
import type { SignRequest } from '#schemas/provenance.ts';

/** Written to `claim_generator_info.specVersion`. */
export const c2paSpecVersion = '2.4.0';
/** Our own assertion: which clip this is, whose, and where its consent can be looked up (K-19). */
export const clipAssertionLabel = 'org.kinora.clip';
const claimGeneratorVersion = '0.1.0';
const digitalSourceTypePrefix = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/** The name under which actions refer to an ingredient until c2pa-rs gives it its final label. */
export function ingredientId(index: number): string {
  return `ingredient-${index}`;
}

/** The definition of one ingredient, to be merged with what is read from its asset. */
export function ingredientDefinition(
  ingredient: SignRequest['ingredients'][number],
  index: number,
): Record<string, string> {
  return {
    title: ingredient.title,
    relationship: ingredient.relationship,
    label: ingredientId(index),
    instance_id: ingredientId(index),
  };
}

/** Whether the ingredients can go into one manifest: at most one may be the parent (C2PA 2.4 §18.16.3). */
export function hasSingleParent(request: SignRequest): boolean {
  return request.ingredients.filter(({ relationship }) => relationship === 'parentOf').length <= 1;
}

/** The manifest without its ingredients, which are added with their assets. */
export function manifestDefinition(request: SignRequest): ManifestDefinition {
  return {
    claim_version: 2,
    vendor: 'kinora',
    claim_generator_info: [{ name: 'Kinora', version: claimGeneratorVersion, specVersion: c2paSpecVersion }],
    title: request.title,
    format: request.mediaType,
    assertions: [
      created('c2pa.actions.v2', { actions: actions(request), allActionsIncluded: true }),
      created(
        clipAssertionLabel,
        { clipId: request.clipId, creator: request.creatorHandle, revocationUrl: request.revocationUrl },
        'Json',
      ),
      // The standard place for who made something: `c2pa.metadata` allows no creator, CAWG metadata 1.1 does.
      created(
        'cawg.metadata',
        {
          '@context': { dc: 'http://purl.org/dc/elements/1.1/' },
          'dc:creator': [request.creatorHandle],
          'dc:title': request.title,
        },
        'Json',
      ),
    ],
  };
}

/** `created` marks an assertion the signer itself vouches for, as opposed to one it merely gathered. */
function created(label: string, data: unknown, kind?: 'Json'): AssertionDefinition {
  return { label, data, created: true, ...(kind === undefined ? {} : { kind }) };
}

function actions(request: SignRequest): Record<string, unknown>[] {
  const idsOf = (relationship: string) =>
    request.ingredients.flatMap((one, index) =>
      one.relationship === relationship ? [ingredientId(index)] : [],
    );
  const [parent] = idsOf('parentOf');
  const inputs = idsOf('inputTo');
  const making = {
    when: request.createdAt,
    softwareAgent: {
      name: request.engine.name,
      version: request.engine.version,
      'org.kinora.model': request.engine.model,
    },
    digitalSourceType: `${digitalSourceTypePrefix}${request.digitalSourceType}`,
    ...(inputs.length === 0 ? {} : { parameters: { ingredientIds: inputs } }),
  };
  const placed = idsOf('componentOf').map((id) => ({
    action: 'c2pa.placed',
    when: request.createdAt,
    parameters: { ingredientIds: [id] },
  }));
  return parent === undefined
    ? [{ action: 'c2pa.created', ...making }, ...placed]
    : [
        { action: 'c2pa.opened', when: request.createdAt, parameters: { ingredientIds: [parent] } },
        { action: 'c2pa.edited', ...making },
        ...placed,
      ];
}
