/**
 * What is kept with the objects a signature writes. Invariant: an object says of which request and of which source it is, and a crJSON of which
 * file and store; whoever changes one of them without the others is noticed. Called by sign.ts and parents.ts.
 */
import type { SignRequest } from '#schemas/provenance.ts';
import { hexSha256 } from '../../encoding/hex.ts';

const names = {
  request: 'kinora-sign-request',
  source: 'kinora-sign-source',
  asset: 'kinora-asset-etag',
  store: 'kinora-store-sha256',
} as const;

/** Hash of the request, and etag of the source it was signed for. */
export interface SignMarks {
  readonly request: string;
  readonly source: string;
}

export async function requestHashOf(request: SignRequest): Promise<string> {
  return hexSha256(new TextEncoder().encode(JSON.stringify(request)));
}

export function signMarks({ request, source }: SignMarks): Record<string, string> {
  return { [names.request]: request, [names.source]: source };
}

/** Whether the object came from this request; a source that was cleaned up since cannot have changed. */
export function isMarked(object: R2Object | null, request: string, source: R2Object | null): boolean {
  const kept = object?.customMetadata;
  return kept?.[names.request] === request && (source === null || kept[names.source] === source.etag);
}

export function sourceMark(object: R2Object): string {
  return object.customMetadata?.[names.source] ?? '';
}

/** A crJSON speaks of this file and this store. */
export function crJsonMarks(asset: R2Object, storeSha256: string): Record<string, string> {
  return { [names.asset]: asset.etag, [names.store]: storeSha256 };
}

export function speaksOf(crJson: R2Object, asset: R2Object, storeSha256: string): boolean {
  const kept = crJson.customMetadata;
  return kept?.[names.asset] === asset.etag && kept[names.store] === storeSha256;
}
