/**
 * What a clip's manifest says, built from a sign request. Invariant: every statement comes from the request, every ingredient
 * is referenced by an action, and the first action is `c2pa.created` or, for what derives from a parent, `c2pa.opened`. Called by sign.ts.
 * @see C2PA 2.4 §18.15 (actions), §18.16 (ingredient)
 */
import { clipAssertionLabel } from '#core/provenance/report.ts';
import type { IngredientInput } from '#core/provenance/sign/ingredient.ts';
import type { Assertion } from '#core/provenance/sign/jumbf-writer.ts';
import { ingredientLabel, type ManifestInput, softBindingLabel } from '#core/provenance/sign/manifest.ts';
import { type Action, numbered, type SoftBinding } from '#core/provenance/sign/statements.ts';
import { watermarkAlgorithm } from '#core/watermark/algorithm.ts';
import type { GeneratedSignRequest, SignRequest, UploadedSignRequest } from '#schemas/provenance.ts';

/** Written to `claim_generator_info.specVersion`. */
export const c2paSpecVersion = '2.4.0';
/** Whoever answers for what is made here: SB 942's "name of the covered provider". */
export const providerName = 'Kinora';
const claimGeneratorVersion = '0.2.0';
const digitalSourceTypePrefix = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/** Ids that must never be used twice; they come from the caller because this file draws nothing at random. */
export interface FreshIds {
  readonly manifest: string;
  readonly instance: string;
}

/** Whether the ingredients can go into one manifest: at most one may be the parent (C2PA 2.4 §18.16.3). */
export function hasSingleParent(request: SignRequest): boolean {
  return (
    isUpload(request) ||
    request.ingredients.filter(({ relationship }) => relationship === 'parentOf').length <= 1
  );
}

export function isUpload(request: SignRequest): request is UploadedSignRequest {
  return 'upload' in request;
}

/**
 * The manifest but for the hash of the file.
 * @param ingredients in the order of the request; for an upload the uploaded file alone
 */
export function manifestDefinition(
  request: SignRequest,
  ingredients: readonly IngredientInput[],
  ids: FreshIds,
): ManifestInput {
  return {
    label: `urn:c2pa:${ids.manifest}:kinora`,
    instanceId: `xmp:iid:${ids.instance}`,
    title: request.title,
    claimGenerator: { name: providerName, version: claimGeneratorVersion, specVersion: c2paSpecVersion },
    ingredients,
    softBindings: softBindingsOf(request),
    actions: [
      ...(isUpload(request) ? uploadActions(request) : generationActions(request)),
      ...marked(request),
    ],
    assertions: [
      clipAssertion(request),
      descriptiveMetadata(request),
      ...(isUpload(request) || request.digitalSourceType !== 'trainedAlgorithmicMedia'
        ? []
        : [aiDisclosure(request)]),
    ],
  };
}

function softBindingsOf(request: SignRequest): SoftBinding[] {
  return request.softBindings.map(({ alg, value }) => ({
    alg,
    value: Uint8Array.from(atob(value), (char) => char.charCodeAt(0)),
  }));
}

/** An upload is opened, and published by somebody who may not have made it: nothing is said about how it was made. */
function uploadActions(request: UploadedSignRequest): Action[] {
  return [
    { action: 'c2pa.opened', when: request.createdAt, ingredients: [ingredientLabel] },
    { action: 'c2pa.published', when: request.createdAt },
  ];
}

function generationActions(request: GeneratedSignRequest): Action[] {
  const labelsOf = (relationship: string) =>
    request.ingredients.flatMap((one, index) =>
      one.relationship === relationship ? [numbered(ingredientLabel, index)] : [],
    );
  const [parent] = labelsOf('parentOf');
  const { name, version, model } = request.engine;
  const making = {
    when: request.createdAt,
    softwareAgent: { name, version, 'org.kinora.model': model },
    digitalSourceType: `${digitalSourceTypePrefix}${request.digitalSourceType}`,
    ingredients: labelsOf('inputTo'),
  };
  const placed = labelsOf('componentOf').map((label) => ({
    action: 'c2pa.placed',
    when: request.createdAt,
    ingredients: [label],
  }));
  return parent === undefined
    ? [{ action: 'c2pa.created', ...making }, ...placed]
    : [
        { action: 'c2pa.opened', when: request.createdAt, ingredients: [parent] },
        { action: 'c2pa.edited', ...making },
        ...placed,
      ];
}

/** The invisible mark is something that was done to the picture; a fingerprint is only looked at. */
function marked(request: SignRequest): Action[] {
  const labels = request.softBindings.flatMap(({ alg }, index) =>
    alg === watermarkAlgorithm ? [numbered(softBindingLabel, index)] : [],
  );
  return labels.length === 0
    ? []
    : [{ action: 'c2pa.watermarked.bound', when: request.createdAt, relatedAssertions: labels }];
}

/**
 * Ours, with what California's SB 942 (Bus. & Prof. Code §22757.3) wants of a latent disclosure: provider, system and version, time, unique id.
 * The standard fields for the same facts are in `cawg.metadata`; this one says them in one place, in words a program need not map.
 */
function clipAssertion(request: SignRequest): Assertion {
  return {
    label: clipAssertionLabel,
    format: 'json',
    data: {
      clipId: request.clipId,
      creator: request.creatorHandle,
      revocationUrl: request.revocationUrl,
      provider: { name: providerName },
      createdAt: request.createdAt,
      ...(isUpload(request)
        ? { upload: { id: request.upload.id, sha256: request.upload.sha256 } }
        : {
            system: {
              name: request.engine.name,
              version: request.engine.version,
              model: request.engine.model,
            },
          }),
    },
  };
}

/** The standard places for who, what and when: `c2pa.metadata` allows no creator and no AI fields, CAWG metadata 1.1 does. */
function descriptiveMetadata(request: SignRequest): Assertion {
  return {
    label: 'cawg.metadata',
    format: 'json',
    data: {
      '@context': {
        dc: 'http://purl.org/dc/elements/1.1/',
        xmp: 'http://ns.adobe.com/xap/1.0/',
        Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
      },
      'dc:creator': [request.creatorHandle],
      'dc:title': request.title,
      'dc:identifier': request.clipId,
      'dc:publisher': [providerName],
      ...(isUpload(request)
        ? {}
        : {
            'xmp:CreateDate': request.createdAt,
            'Iptc4xmpExt:AISystemUsed': request.engine.name,
            'Iptc4xmpExt:AISystemVersionUsed': request.engine.version,
          }),
    },
  };
}

/** Only where a trained model made it: the sketch engine has none, and says so by its digital source type. */
function aiDisclosure({ engine }: GeneratedSignRequest): Assertion {
  return {
    label: 'c2pa.ai-disclosure',
    format: 'cbor',
    data: {
      modelType: 'c2pa.types.model',
      modelName: engine.model,
      modelIdentifier: `${engine.name}/${engine.version}/${engine.model}`,
    },
  };
}
