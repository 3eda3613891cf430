/**
 * The manifest's branch of the evidence: signature, binding, signer, everything else that failed; and its sources beside it. Invariants:
 * c2pa's own state decides whether a failure counts (it tolerates an untrusted signer); credentials that nothing ties to the bytes are
 * contradicted, never merely unknown. Called by verdict.ts.
 */
import type { ProvenanceReport, TrustModel, ValidationStatus } from '#schemas/provenance.ts';
import type { EvidenceNode } from '#schemas/verdict.ts';
import { grouped, node, ofStatus, together } from './evidence.ts';

/** What is said about the hard binding; it has a node of its own. */
const bindingCode =
  /^assertion\.(bmffHash|dataHash|boxesHash|collectionHash|multiAssetHash)\.|^claim\.hardBindings\./;
const signatureCode = /^claimSignature\.|^claim\.|^algorithm\./;
const signerCode = /^signingCredential\./;

/** Failures that c2pa lets a valid manifest have: nobody vouches for the signer, or for the identity named beside it. */
const tolerated = /^signingCredential\.untrusted$|^cawg\./;

/** Whether credentials are there, hold, and are tied to exactly these bytes. A failure that c2pa tolerates is one; any other is not believed. */
export function isIntact(report: ProvenanceReport): boolean {
  const { state, binding: bound } = report;
  const failed = own(report).some(({ outcome, code }) => outcome === 'failure' && !tolerated.test(code));
  return (state === 'Valid' || state === 'Trusted') && bound?.result === 'match' && !failed;
}

/** What was found about the active manifest itself. */
function own({ statuses }: ProvenanceReport): ValidationStatus[] {
  return statuses.filter(({ ingredient }) => ingredient === undefined);
}

export function manifestEvidence(report: ProvenanceReport): EvidenceNode {
  const base = {
    id: 'manifest',
    layer: 'manifest' as const,
    claim: 'The file carries Content Credentials that are intact and fit it.',
    check: 'Read and validated the C2PA manifest store in the file.',
  };
  if (report.state === 'None') return node({ ...base, ...absent(report), result: 'unknown' });
  const children = [
    signature(report),
    binding(report),
    signer(report),
    ...statements(report),
    ...timestamp(report),
  ];
  const essential = children.filter(({ id }) => id !== 'manifest.timestamp' && id !== 'manifest.signer');
  const broken = !isIntact(report) || together(children) === 'contradicted';
  const result = broken ? 'contradicted' : together(essential);
  return node({ ...base, result, reason: reasonOf(result), children });
}

function reasonOf(result: EvidenceNode['result']): string {
  if (result === 'contradicted') return 'At least one check says that they do not hold for this file.';
  return result === 'proved' ? 'Every check of them holds.' : 'Not every check could be made.';
}

function absent({
  remoteManifestUrl,
  statuses,
}: ProvenanceReport): Pick<EvidenceNode, 'reason' | 'children'> {
  if (remoteManifestUrl === null)
    return { reason: 'There are none in the file.', children: statuses.map(stated) };
  const remote = node({
    id: 'manifest.remote',
    layer: 'manifest',
    claim: 'Its credentials are kept somewhere else.',
    check: 'Read the address it names; nothing was fetched from there.',
    result: 'unknown',
    reason: 'The file only names an address for its credentials.',
    code: 'manifest.inaccessible',
  });
  return { reason: 'There are none in the file itself.', children: [remote] };
}

function signature(report: ProvenanceReport): EvidenceNode {
  const failed = own(report).find(
    ({ outcome, code }) => outcome === 'failure' && signatureCode.test(code) && !bindingCode.test(code),
  );
  const algorithm = report.manifest?.signer?.algorithm;
  const base = {
    id: 'manifest.signature',
    layer: 'manifest' as const,
    claim: 'The credentials are as they were signed.',
    check:
      algorithm == null
        ? 'Checked the signature of the claim.'
        : `Checked the signature of the claim (${algorithm.slice(0, 24)}).`,
  };
  if (failed !== undefined) return node({ ...base, ...ofStatus(failed), result: 'contradicted' });
  const validated = own(report).some(
    ({ code, outcome }) => code === 'claimSignature.validated' && outcome === 'success',
  );
  if (validated || report.state !== 'Invalid')
    return node({
      ...base,
      result: 'proved',
      reason: 'The signature matches.',
      code: 'claimSignature.validated',
    });
  return node({
    ...base,
    result: 'unknown',
    reason: 'The credentials could not be read far enough to check it.',
  });
}

function binding(report: ProvenanceReport): EvidenceNode {
  const found = report.binding;
  const base = {
    id: 'manifest.binding',
    layer: 'manifest' as const,
    claim: 'The file has not changed since it was signed.',
  };
  const status = own(report).find(({ code }) => bindingCode.test(code));
  const about = status === undefined ? {} : ofStatus(status);
  if (found === null) {
    return node({
      check: 'Looked for what ties the credentials to these bytes.',
      ...base,
      ...about,
      result: 'contradicted',
      reason: 'Nothing in the credentials ties them to this file.',
    });
  }
  const check = `Hashed ${grouped(found.covers)} of ${grouped(found.of)} bytes (${found.label.slice(0, 64)}).`;
  if (found.result === 'match') {
    return node({
      ...base,
      check,
      ...about,
      result: 'proved',
      reason: 'The hash is the one that was signed.',
    });
  }
  const reason =
    found.result === 'mismatch'
      ? 'The hash is not the one that was signed.'
      : 'What ties them to the file is damaged or binds nothing.';
  return node({ ...base, check, ...about, result: 'contradicted', reason });
}

const models: Readonly<Record<TrustModel, string>> = {
  c2pa: 'The signer is on the official C2PA trust list.',
  interim: 'The signer is on the older interim list only, which is frozen and was replaced.',
  kinora: 'The signature is ours.',
};

function signer(report: ProvenanceReport): EvidenceNode {
  const lists = report.trustLists.map(({ name, version }) => `${name} ${version}`).join(', ');
  const base = {
    id: 'manifest.signer',
    layer: 'manifest' as const,
    claim: 'It is known who signed it.',
    check:
      lists === ''
        ? 'Compared the certificate with the lists we trust.'
        : `Compared the certificate with: ${lists.slice(0, 300)}.`,
  };
  const failed = own(report).find(
    ({ code, outcome }) =>
      outcome === 'failure' && signerCode.test(code) && code !== 'signingCredential.untrusted',
  );
  if (failed !== undefined) return node({ ...base, ...ofStatus(failed), result: 'contradicted' });
  if (report.state === 'Trusted' && report.trustModel !== null) {
    return node({
      ...base,
      result: 'proved',
      reason: models[report.trustModel],
      code: 'signingCredential.trusted',
    });
  }
  return node({
    ...base,
    result: 'unknown',
    reason: 'Nobody we know vouches for this signer. Anybody can make such a certificate.',
    code: 'signingCredential.untrusted',
  });
}

/** Everything else that failed. Of a manifest that is valid all the same nothing is contradicted: c2pa tolerates it, we only show it. */
function statements(report: ProvenanceReport): EvidenceNode[] {
  const others = own(report).filter(
    ({ outcome, code }) =>
      outcome === 'failure' && !bindingCode.test(code) && !signatureCode.test(code) && !signerCode.test(code),
  );
  return others.map((status, index) =>
    node({ ...stated(status, index), result: isIntact(report) ? 'unknown' : 'contradicted' }),
  );
}

function stated(status: ValidationStatus, index: number): EvidenceNode {
  return node({
    id: `manifest.statement.${index + 1}`,
    layer: 'manifest',
    claim: 'This part of the credentials is in order.',
    check: 'Validated it as C2PA prescribes.',
    result: 'unknown',
    ...ofStatus(status),
  });
}

function timestamp(report: ProvenanceReport): EvidenceNode[] {
  const stamp = report.manifests[0]?.timestamp;
  if (stamp == null) return [];
  const status = own(report).find(({ code }) => code.startsWith('timeStamp.'));
  const trusted = own(report).some(
    ({ code, outcome }) => code === 'timeStamp.trusted' && outcome === 'success',
  );
  return [
    node({
      id: 'manifest.timestamp',
      layer: 'manifest',
      claim: `It was signed no later than ${stamp.time}.`,
      check: 'Checked the time stamp over the signature (RFC 3161).',
      result: trusted ? 'proved' : 'unknown',
      ...(status === undefined
        ? { reason: 'The time stamp is there and was not checked further.' }
        : ofStatus(status)),
    }),
  ];
}

/** What went into it, as it was when it was put in. About the sources, not about this file. Null without any. */
export function sourcesEvidence(report: ProvenanceReport): EvidenceNode | null {
  const ingredients = report.manifest?.ingredients ?? [];
  if (ingredients.length === 0) return null;
  const children = ingredients.map(({ state, relationship }, index) =>
    node({
      id: `sources.${index + 1}`,
      layer: 'manifest',
      claim: 'The credentials of this source held when it was put in.',
      check: `Read what was recorded about it (${relationship.slice(0, 32)}).`,
      result: state === 'Trusted' ? 'proved' : state === 'Invalid' ? 'contradicted' : 'unknown',
      reason: sourceReasons[state],
    }),
  );
  return node({
    id: 'sources',
    layer: 'manifest',
    claim: 'What went into it is known.',
    check: `Read ${ingredients.length === 1 ? 'one ingredient' : `${ingredients.length} ingredients`} of the manifest.`,
    result: together(children),
    reason: 'It concerns the sources, not this file.',
    children,
  });
}

const sourceReasons: Readonly<Record<ProvenanceReport['state'], string>> = {
  Trusted: 'They were intact, and the signer is trusted.',
  Valid: 'They were intact; nobody we know vouches for the signer.',
  Invalid: 'They did not hold.',
  None: 'It had none.',
};
