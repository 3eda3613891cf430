/** Who publishes trust lists, and what of a list is believed. Used by the cron of this worker and by scripts/refresh-trust-lists.ts. */
/// <reference types="node/crypto" />
import { createHash, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { type TrustList, trustListSchema } from '#schemas/provenance.ts';
import { splitCertificates } from '../core/pem.ts';

export const publishedLists = ['official', 'timestamp', 'interim'] as const;
export type PublishedList = (typeof publishedLists)[number];

interface Publisher {
  /** Shown to people. */
  readonly name: string;
  readonly pem: string;
  /** ETSI TS 119 602 form of the same list: says when it was issued. Null where there is none. */
  readonly json: string | null;
}

const conformance = 'https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list';

/**
 * Addresses of the publishers. The interim list is frozen since 2026-01-01 and shown as the older model.
 * @see https://github.com/c2pa-org/conformance-public/tree/main/trust-list and https://opensource.contentauthenticity.org/docs/trust-list
 */
export const publishers: Readonly<Record<PublishedList, Publisher>> = {
  official: {
    name: 'C2PA Trust List',
    pem: `${conformance}/C2PA-TRUST-LIST.pem`,
    json: `${conformance}/C2PA-TRUST-LIST.json`,
  },
  timestamp: {
    name: 'C2PA TSA Trust List',
    pem: `${conformance}/C2PA-TSA-TRUST-LIST.pem`,
    json: `${conformance}/C2PA-TSA-TRUST-LIST.json`,
  },
  interim: {
    name: 'Interim trust list (frozen 2026-01-01)',
    pem: 'https://contentcredentials.org/trust/anchors.pem',
    json: null,
  },
};

/** A list as it is kept: dated, versioned, and with the hash of what was fetched. */
export const keptListSchema = trustListSchema.extend({
  /** Hex SHA-256 of the PEM text. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  certificates: z.number().int().positive(),
  /** ISO 8601. */
  fetchedAt: z.iso.datetime(),
  source: z.string(),
});
export type KeptList = z.infer<typeof keptListSchema>;

const etsiSchema = z.object({
  LoTE: z.object({
    ListAndSchemeInformation: z.object({
      LoTESequenceNumber: z.number().int(),
      ListIssueDateTime: z.iso.datetime(),
    }),
  }),
});

/** Far above any list there is. */
export const maxListBytes = 2 * 1024 * 1024;

/** Why a list is not taken. */
export class ListRefused extends Error {
  override readonly name = 'ListRefused';
}

/**
 * A published list, read.
 * @param json the ETSI form, null where the publisher has none
 * @throws ListRefused when it is no list of certificates, or its date cannot be read
 */
export function readList(
  kind: PublishedList,
  pem: string,
  json: string | null,
  from: { readonly source: string; readonly at: Date },
): KeptList {
  const certificates = splitCertificates(pem);
  if (certificates.length === 0) throw new ListRefused('there is no certificate in it');
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      throw new ListRefused(`certificate ${index + 1} cannot be read`);
    }
  }
  const sha256 = createHash('sha256').update(pem).digest('hex');
  const dated = json === null ? null : datesOf(json);
  return {
    name: publishers[kind].name,
    version: dated === null ? sha256.slice(0, 12) : `${dated.sequence} of ${dated.issuedAt.slice(0, 10)}`,
    issuedAt: dated?.issuedAt ?? null,
    pem: certificates.join('\n'),
    sha256,
    certificates: certificates.length,
    fetchedAt: from.at.toISOString(),
    source: from.source,
  };
}

function datesOf(json: string): { issuedAt: string; sequence: number } {
  try {
    const info = etsiSchema.parse(JSON.parse(json)).LoTE.ListAndSchemeInformation;
    return { issuedAt: info.ListIssueDateTime, sequence: info.LoTESequenceNumber };
  } catch {
    throw new ListRefused('its date cannot be read');
  }
}

/**
 * Whether a list may take the place of the one that is kept. Going back in time is how a withdrawn certificate would come back.
 * @throws ListRefused
 */
export function mayReplace(kept: KeptList | null, fresh: KeptList): void {
  if (kept?.issuedAt == null || fresh.issuedAt === null) return;
  if (fresh.issuedAt < kept.issuedAt)
    throw new ListRefused(`it was issued on ${fresh.issuedAt}, before the one in use (${kept.issuedAt})`);
}

/** Key of the list in use, and of one of its versions, which are kept for ever. */
export function listKey(kind: PublishedList, sha256?: string): string {
  return sha256 === undefined ? `list:${kind}` : `list:${kind}:${sha256}`;
}

export function trustListOf({ name, version, issuedAt, pem }: KeptList): TrustList {
  return { name, version, issuedAt, pem };
}
