/**
 * The verdict holds its promises for any facts whatever, and every verdict can be reached: who is not known is never trusted, a mark alone
 * recovers nothing, a contradiction never helps, and no sentence says more than a check can show.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flatten } from '#core/verdict/evidence.ts';
import type { KnownClip, NamedClip, Recovery, VerdictInput } from '#core/verdict/input.ts';
import { judge, standing, standsOn } from '#core/verdict/verdict.ts';
import type { ProvenanceReport, ValidationStatus } from '#schemas/provenance.ts';
import { type Verdict, verdicts, verificationSchema } from '#schemas/verdict.ts';

const boast = '100 % authentic, not AI';
const clipId = (end: string) => `clip_01jd000000000000000000000${end}` as const;
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom(boast, 'Not AI, real footage'));

const codes = [
  'claimSignature.validated',
  'claimSignature.mismatch',
  'assertion.bmffHash.match',
  'assertion.bmffHash.mismatch',
  'assertion.hashedURI.mismatch',
  'signingCredential.trusted',
  'signingCredential.untrusted',
  'signingCredential.ocsp.revoked',
  'signingCredential.ocsp.skipped',
  'timeStamp.trusted',
  'cawg.x509.untrusted',
  'made.up.code',
] as const;

const status: fc.Arbitrary<ValidationStatus> = fc
  .record({
    code: fc.constantFrom(...codes),
    outcome: fc.constantFrom('success', 'informational', 'failure'),
    explanation: text,
    url: fc.option(fc.constant('self#jumbf=/c2pa/x'), { nil: undefined }),
    ingredient: fc.option(fc.constant('c2pa.ingredient'), { nil: undefined }),
  })
  .map(({ url, ingredient, ...rest }) => ({
    ...rest,
    outcome: rest.outcome as ValidationStatus['outcome'],
    ...(url === undefined ? {} : { url }),
    ...(ingredient === undefined ? {} : { ingredient }),
  }));

const ingredient = fc.record({
  title: fc.option(text),
  relationship: fc.constantFrom('parentOf', 'inputTo'),
  clipId: fc.constant(null),
  state: fc.constantFrom('Trusted', 'Valid', 'Invalid', 'None'),
  manifest: fc.constant(null),
  thumbnail: fc.constant(null),
});

const report: fc.Arbitrary<ProvenanceReport> = fc
  .record({
    state: fc.constantFrom('Trusted', 'Valid', 'Invalid', 'None'),
    statuses: fc.array(status, { maxLength: 4 }),
    trustModel: fc.constantFrom('c2pa', 'interim', 'kinora', null),
    binding: fc.option(
      fc.record({
        label: fc.constant('c2pa.hash.bmff.v3'),
        kind: fc.constant('bmff'),
        result: fc.constantFrom('match', 'match', 'mismatch', 'malformed'),
        covers: fc.nat(1_000_000),
        of: fc.nat(1_000_000),
      }),
      { freq: 8 },
    ),
    signer: text,
    ingredients: fc.array(ingredient, { maxLength: 2 }),
    stamped: fc.boolean(),
    remote: fc.boolean(),
  })
  .map(({ state, trustModel, signer, ingredients, stamped, remote, ...rest }) =>
    reportWith({
      ...rest,
      state: state as ProvenanceReport['state'],
      binding: state === 'None' ? null : (rest.binding as ProvenanceReport['binding']),
      trustModel: state === 'Trusted' ? (trustModel as ProvenanceReport['trustModel']) : null,
      manifest:
        state === 'None'
          ? null
          : {
              ...manifest,
              title: boast,
              signer: { commonName: signer, organization: null, algorithm: 'Es256' },
              ingredients: ingredients as typeof manifest.ingredients,
            },
      manifests:
        stamped && state !== 'None'
          ? [
              {
                label: 'urn:c2pa:1',
                title: null,
                claimGenerator: null,
                signer: null,
                isUpdate: false,
                timestamp: { time: '2026-01-01T00:00:00Z', authority: null },
              },
            ]
          : [],
      remoteManifestUrl: remote && state === 'None' ? 'https://elsewhere.example/m' : null,
    }),
  );

const manifest: NonNullable<ProvenanceReport['manifest']> = {
  label: 'urn:c2pa:1',
  title: null,
  claimGenerator: { name: boast, version: null },
  signer: null,
  signedAt: null,
  actions: [],
  ingredients: [],
  assertions: [],
  revocationUrl: null,
};

function reportWith(change: Partial<ProvenanceReport>): ProvenanceReport {
  return {
    state: 'None',
    verifiedAt: '2026-11-22T00:00:00.000Z',
    manifest: null,
    statuses: [],
    trust: [],
    trustLists: [],
    trustModel: null,
    binding: null,
    remoteManifestUrl: null,
    manifests: [],
    softBindings: [],
    store: [],
    ...change,
  };
}

const intact = (trustModel: ProvenanceReport['trustModel'], state: 'Trusted' | 'Valid' = 'Trusted') =>
  reportWith({
    state,
    trustModel,
    manifest: { ...manifest, signer: { commonName: boast, organization: null, algorithm: 'Es256' } },
    binding: { label: 'c2pa.hash.bmff.v3', kind: 'bmff', result: 'match', covers: 90, of: 100 },
  });

const clip: fc.Arbitrary<KnownClip> = fc.record({
  clipId: fc.constantFrom(clipId('1'), clipId('2')),
  maker: fc.option(fc.record({ handle: fc.constant('ada'), displayName: fc.constant('Ada') })),
  withdrawn: fc.option(
    fc.record({ at: fc.option(fc.constant('2026-11-01T00:00:00.000Z')), url: fc.constant(null) }),
  ),
});
const similarity = fc.integer({ min: 0, max: 100 });
const named: fc.Arbitrary<NamedClip | null> = fc.option(
  fc.record({
    clip,
    by: fc.constantFrom('label', 'record'),
    agrees: fc.option(fc.boolean()),
    similarity: fc.option(similarity),
  }),
);
const recovery: fc.Arbitrary<Recovery> = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.record({
    kind: fc.constant('found'),
    clip,
    similarity,
    by: fc.constantFrom('watermark', 'fingerprint'),
  }),
  fc.record({
    kind: fc.constant('contradiction'),
    clipId: fc.constant(clipId('3')),
    similarity: fc.option(similarity),
  }),
);
const look: fc.Arbitrary<VerdictInput['look']> = fc.oneof(
  fc.record({ kind: fc.constant('not-checked'), reason: fc.constant('No render node is connected.') }),
  fc.record({
    kind: fc.constant('seen'),
    mark: fc.option(
      fc.record({
        id: fc.constant('00112233aa'),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
        frames: fc.integer({ min: 1, max: 5000 }),
        at: fc.integer({ min: 0, max: 60 }),
      }),
    ),
    fingerprinted: fc.boolean(),
  }),
);
const file = { size: 1_208_331, mediaType: 'video/mp4', sha256: 'a'.repeat(64) };
const facts: fc.Arbitrary<VerdictInput> = fc
  .record({ report, named, recovery, look })
  .map((all): VerdictInput => ({ ...all, file, named: all.report.state === 'None' ? null : all.named }));

const known: KnownClip = {
  clipId: clipId('1'),
  maker: { handle: 'ada', displayName: 'Ada' },
  withdrawn: null,
};
const seen: VerdictInput['look'] = {
  kind: 'seen',
  mark: { id: '00112233aa', confidence: 0.81, frames: 24, at: 0.5 },
  fingerprinted: true,
};
const found: Recovery = { kind: 'found', clip: known, similarity: 97, by: 'watermark' };
const noMark: VerdictInput['look'] = { kind: 'seen', mark: null, fingerprinted: true };
const base: VerdictInput = {
  file,
  report: reportWith({}),
  look: noMark,
  named: null,
  recovery: { kind: 'none' },
};

const examples: Readonly<Record<Verdict, VerdictInput>> = {
  'made-here': {
    ...base,
    report: intact('kinora'),
    named: { clip: known, by: 'label', agrees: null, similarity: null },
  },
  trusted: { ...base, report: intact('c2pa') },
  'trusted-interim': { ...base, report: intact('interim') },
  recovered: { ...base, look: seen, recovery: found },
  'signed-unknown': { ...base, report: intact(null, 'Valid') },
  'no-credentials': base,
  tampered: {
    ...base,
    report: {
      ...intact(null),
      state: 'Invalid',
      binding: { label: 'c2pa.hash.bmff.v3', kind: 'bmff', result: 'mismatch', covers: 90, of: 100 },
    },
  },
  counterfeit: {
    ...base,
    look: seen,
    recovery: { kind: 'contradiction', clipId: clipId('2'), similarity: 3 },
  },
};

const rank = (verdict: Verdict) => -standing[verdict];
const runs = { numRuns: 3_000 };

describe('every verdict', () => {
  test.each(verdicts)('%s is reached', (verdict) => {
    const said = judge(examples[verdict]);
    expect(said.verdict).toBe(verdict);
    expect(said.evidence.children.map(({ layer }) => layer)).toEqual(
      expect.arrayContaining(['manifest', 'watermark', 'fingerprint', 'registry']),
    );
  });
});

describe('whatever the facts', () => {
  test('the answer has the documented shape and says the same twice', () => {
    fc.assert(
      fc.property(facts, (input) => {
        const said = judge(input);
        expect(verificationSchema.safeParse(said).error?.issues ?? []).toEqual([]);
        expect(judge(structuredClone(input))).toEqual(said);
        const ids = flatten(said.evidence).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      runs,
    );
  });

  test('what a verdict stands on holds no contradiction', () => {
    fc.assert(
      fc.property(facts, (input) => {
        const { verdict, evidence } = judge(input);
        const ground = evidence.children.filter(({ id }) => standsOn[verdict].includes(id));
        expect(ground.flatMap(flatten).filter(({ result }) => result === 'contradicted')).toEqual([]);
      }),
      runs,
    );
  });

  test('a signer nobody vouches for is never trusted, and bytes nothing is bound to never intact', () => {
    fc.assert(
      fc.property(facts, (input) => {
        const { verdict } = judge(input);
        const trusting = ['made-here', 'trusted', 'trusted-interim'].includes(verdict);
        if (trusting) {
          expect(input.report.state).toBe('Trusted');
          expect(input.report.trustModel).not.toBeNull();
        }
        if (trusting || verdict === 'signed-unknown') expect(input.report.binding?.result).toBe('match');
        if (verdict === 'recovered') expect(input.recovery.kind).toBe('found');
      }),
      runs,
    );
  });

  test('nobody can make us say that something is genuine, or how it was made', () => {
    fc.assert(
      fc.property(facts, (input) => {
        const { signer: _, layers, ...said } = judge(input);
        const ours = [JSON.stringify(said), layers.watermark.reason, layers.fingerprint.reason].join(' ');
        expect(ours).not.toMatch(/authentic|\bnot AI\b|genuine|real footage/i);
      }),
      runs,
    );
  });

  test('who made it and that consent was withdrawn are told only of a clip that is established', () => {
    fc.assert(
      fc.property(facts, (input) => {
        const { verdict, clipId: id, maker, withdrawn } = judge(input);
        if (id === null) expect([maker, withdrawn]).toEqual([null, null]);
        else {
          const agreed = input.recovery.kind === 'found' || input.named?.agrees === true;
          expect(agreed || verdict === 'made-here').toBe(true);
        }
        if (verdict === 'counterfeit') expect(id).toBeNull();
      }),
      runs,
    );
  });
});

describe('one more contradiction', () => {
  const strikes: Readonly<Record<string, (input: VerdictInput) => VerdictInput | null>> = {
    'in the binding': (input) =>
      input.report.binding === null
        ? null
        : {
            ...input,
            report: {
              ...input.report,
              state: 'Invalid',
              trustModel: null,
              binding: { ...input.report.binding, result: 'mismatch' },
            },
          },
    'in the signature': (input) =>
      input.report.state === 'None'
        ? null
        : {
            ...input,
            report: {
              ...input.report,
              statuses: [
                ...input.report.statuses,
                { code: 'claimSignature.mismatch', outcome: 'failure', explanation: 'It does not match.' },
              ],
            },
          },
    'between mark and fingerprint': (input) => ({
      ...input,
      recovery: { kind: 'contradiction', clipId: clipId('3'), similarity: 1 },
    }),
    'between manifest and fingerprint': (input) =>
      input.named === null ? null : { ...input, named: { ...input.named, agrees: false, similarity: 1 } },
    'between name and key': (input) =>
      input.report.state === 'None' || input.named !== null
        ? null
        : { ...input, named: { clip: known, by: 'record', agrees: null, similarity: null } },
  };

  test.each(Object.entries(strikes))('%s never improves the verdict', (_, strike) => {
    fc.assert(
      fc.property(facts, (input) => {
        const struck = strike(input);
        if (struck !== null)
          expect(rank(judge(struck).verdict)).toBeGreaterThanOrEqual(rank(judge(input).verdict));
      }),
      runs,
    );
  });
});

describe('what is told', () => {
  test('a copy of a withdrawn clip says so and when', () => {
    const withdrawn = { at: '2026-11-01T08:00:00.000Z', url: 'https://kinora.example/revocations/x' };
    for (const input of [
      {
        ...examples['made-here'],
        named: { clip: { ...known, withdrawn }, by: 'label', agrees: null, similarity: null },
      },
      { ...examples.recovered, recovery: { ...found, clip: { ...known, withdrawn } } },
    ] as VerdictInput[]) {
      const said = judge(input);
      expect(said.withdrawn).toEqual(withdrawn);
      expect(said.summary).toContain('2026-11-01');
      expect(flatten(said.evidence).find(({ id }) => id === 'consent')?.result).toBe('contradicted');
    }
  });

  test('a flipped bit is damage, the same manifest on another picture a forgery', () => {
    const named = { clip: known, by: 'label', similarity: 96 } as const;
    expect(judge({ ...examples.tampered, named: { ...named, agrees: true } }).verdict).toBe('tampered');
    expect(judge({ ...examples.tampered, named: { ...named, agrees: false } }).verdict).toBe('counterfeit');
  });

  test('our name under another key is counterfeit, also with a key on the trust list', () => {
    const named = { clip: known, by: 'record', agrees: true, similarity: 99 } as const;
    expect(judge({ ...examples['signed-unknown'], named }).verdict).toBe('counterfeit');
    expect(judge({ ...examples.trusted, named }).verdict).toBe('counterfeit');
  });
});
