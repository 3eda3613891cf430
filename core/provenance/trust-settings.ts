/**
 * Trust lists as c2pa-rs takes them. Invariant: every list keeps a name of its own through the check, so that a report can say which one vouched
 * for a signer; nothing is fetched from the network. Called by verify-asset.ts and the signer.
 * @see c2pa-rs `settings/mod.rs` (`trust.anchors`): names are snake_case, and unknown ones are ignored in silence
 */
import type { ProvenanceReport, TrustList, TrustLists, TrustModel } from '#schemas/provenance.ts';

/**
 * EKUs a signer may carry: C2PA claim signing, and those accepted before it existed (email protection, document signing); time stamping and OCSP
 * for the certificates beside it. @see C2PA 2.4 §14.5.1
 */
export const acceptedEkus: readonly string[] = [
  '1.3.6.1.4.1.62558.2.1',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.3.6.1.5.5.7.3.8',
  '1.3.6.1.5.5.7.3.9',
];

const listUris = {
  official: 'urn:kinora:trust:official',
  interim: 'urn:kinora:trust:interim',
  own: 'urn:kinora:trust:own',
  timestamp: 'urn:kinora:trust:timestamp',
} as const;

type ListKind = keyof typeof listUris;

/**
 * c2pa-rs settings as JSON.
 * @param withInterim whether signers on the frozen list count; they are asked only when nobody else vouches
 */
export function verifySettings(trust: TrustLists, withInterim: boolean): string {
  const anchors = present(trust)
    .filter(({ kind }) => kind !== 'interim' || withInterim)
    .map(({ kind, list }) => ({
      trust_anchors: list.pem,
      trust_uri: listUris[kind],
      trust_kind: kind === 'timestamp' ? 'tsa' : 'manifest',
      trust_config: acceptedEkus.join('\n'),
    }));
  return JSON.stringify({
    trust: { anchors, trust_config: acceptedEkus.join('\n') },
    verify: { verify_trust: true, verify_after_sign: false, remote_manifest_fetch: false, ocsp_fetch: false },
  });
}

/** The model under which a list vouches. @param trustListUri of c2pa-rs's results */
export function trustModelOf(trustListUri: unknown): TrustModel | null {
  if (trustListUri === listUris.official) return 'c2pa';
  if (trustListUri === listUris.interim) return 'interim';
  return trustListUri === listUris.own ? 'kinora' : null;
}

/** The lists as a report names them. */
export function shownLists(trust: TrustLists): ProvenanceReport['trustLists'] {
  return present(trust).map(({ kind, list: { name, version, issuedAt } }) => ({
    kind,
    name,
    version,
    issuedAt,
  }));
}

function present(trust: TrustLists): { readonly kind: ListKind; readonly list: TrustList }[] {
  return (['official', 'own', 'interim', 'timestamp'] as const).flatMap((kind) => {
    const list = trust[kind];
    return list === undefined || list.pem.trim() === '' ? [] : [{ kind, list }];
  });
}
