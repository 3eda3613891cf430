/** Everything Kinora signs: what its manifests say, whether the official rubric passes, and where the signature and its time come from. */
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it } from 'vitest';
import type { GeneratedSignRequest, SignedRendition, SignRequest } from '#schemas/provenance.ts';
import type { Result } from '#schemas/result.ts';
import { signingIdentity, timeStamper } from '#workers/provenance/config.ts';
import { signRendition } from '#workers/provenance/sign.ts';
import { manifestSigner } from '#workers/provenance/signer.ts';
import type { Fetch } from '#workers/provenance/signing/http.ts';
import { answerTimeStampRequest, type Lie } from '../support/provenance-time-stamp.ts';
import { parseRubric, type RubricResult, runRubric } from '../support/rubric.ts';
import { expectSpotless, signals } from './provenance-checks.ts';
import {
  codes,
  expectOk,
  flipInMdat,
  hexDigest,
  ingredient,
  localDeps,
  remoteFetch,
  service,
  signedClip,
  signRequest,
  stored,
  storedJson,
  uploadRequest,
  video,
} from './provenance-service.ts';

const rubrics = inject('rubrics');
const trained = { digitalSourceType: 'trainedAlgorithmicMedia' } as const;
const bindings = [
  { alg: 'app.kinora.ssdct.1', value: btoa('\x01\x02\x03\x04\x05') },
  { alg: 'app.kinora.mvpdq.1', value: btoa('x'.repeat(32)) },
];

/** A time-stamp authority behind the address that the settings name. */
function authority(lie: Lie = {}): Fetch {
  return async (_, init) => {
    const request = new Uint8Array(await new Response(init.body).arrayBuffer());
    const answer = await answerTimeStampRequest(request, inject('timeStamps').authority, new Date(), lie);
    return new Response(answer, { headers: { 'content-type': 'application/timestamp-reply' } });
  };
}

async function signStamped(request: SignRequest, fetcher: Fetch): Promise<Result<SignedRendition>> {
  const secrets = { ...inject('signingSecrets'), TSA_URL: 'https://tsa.example/' };
  const deps = await localDeps(inject('signingSecrets'), inject('timeStamps').root);
  return signRendition(request, { ...deps, stamper: timeStamper(secrets, fetcher) });
}

/** Every kind of thing that is signed, each as a request whose parents and sources are stored. */
const kinds: Record<string, () => Promise<SignRequest>> = {
  'a clip of a trained model': () => signRequest({ ...trained, softBindings: bindings }),
  'a sketch': () => signRequest({ softBindings: bindings }),
  'a remix of a prompt': async () =>
    signRequest({ ...trained, ingredients: [ingredient(await signedClip(), 'inputTo')] }, video('bright')),
  'a remix that keeps frames': async () =>
    signRequest({ ...trained, ingredients: [ingredient(await signedClip(), 'parentOf')] }, video('bright')),
  'a remix with two inputs and a component': async () =>
    signRequest(
      {
        ingredients: [
          ingredient(await signedClip(), 'inputTo'),
          ingredient(await signedClip({}, video('bright')), 'inputTo'),
          ingredient(await signedClip(), 'componentOf'),
        ],
      },
      video('bright'),
    ),
  'a clip with a cast': () =>
    signRequest({ title: 'Kinora clip by @ada with @bo', digitalSourceType: 'compositeSynthetic' }),
  'a recast': async () => {
    const { request } = await signedClip();
    return signRequest(
      {
        clipId: request.clipId,
        targetKey: `${request.targetKey}.recast`,
        manifestKey: `${request.clipId}/r.c2pa`,
      },
      video('bright'),
    );
  },
  'an upload without credentials': () => uploadRequest(video()),
  'an upload with credentials': async () => uploadRequest((await signedClip()).bytes),
};

describe.each(Object.entries(kinds))('%s', (name, make) => {
  let made: Promise<{ request: SignRequest; result: Result<SignedRendition> }> | undefined;
  /** Signed once for the tests of its kind. */
  const signed = async () => {
    made ??= make().then(async (request) => ({ request, result: await service.sign(request) }));
    const { request, result } = await made;
    return { request, rendition: expectOk(result) };
  };

  it('is Trusted, complete, and said the same in its crJSON', async () => {
    const { request, rendition } = await signed();
    expect(rendition.report.state).toBe('Trusted');
    expect(codes(rendition.report, 'failure')).toEqual([]);
    expect(codes(rendition.report, 'informational')).not.toContain(
      'assertion.bmffHash.additionalExclusionsPresent',
    );
    const crJson = await storedJson(rendition.crJsonKey);
    expectSpotless(crJson, request, rendition.manifestLabel);
  });

  it.skipIf(rubrics === null)(
    'passes the official Asset Rubric (skipped without KINORA_TESTDATA/c2pa/rubrics)',
    async () => {
      if (rubrics === null) return;
      const { rendition } = await signed();
      const crJson = await storedJson(rendition.crJsonKey);
      const version = { $expected_spec_version: '2.4' };
      expect(tally(runRubric(parseRubric(rubrics.conformance), crJson, version))).toEqual([31, []]);
      expect(tally(runRubric(parseRubric(rubrics.integrity), crJson))).toEqual([6, []]);
      const [active] = crJson.manifests;
      const inceptions = runRubric(parseRubric(rubrics.signals), active)
        .filter(({ passed, id }) => passed && id.startsWith('inception:'))
        .map(({ id }) => id.replace('inception:signal_', ''));
      expect(inceptions).toEqual(signals(name));
    },
  );
});

describe.skipIf(rubrics === null)('the rubric (skipped without KINORA_TESTDATA/c2pa/rubrics)', () => {
  it('is not satisfied by just anything', async () => {
    if (rubrics === null) return;
    const { rendition } = await signedClip(trained);
    const text = JSON.stringify(await storedJson(rendition.crJsonKey));
    const spoiled: unknown = JSON.parse(
      text.replace('"specVersion":"2.4.0"', '"x":1').replace('"allActionsIncluded":true', '"y":1'),
    );
    const failed = runRubric(parseRubric(rubrics.conformance), spoiled, { $expected_spec_version: '2.4' })
      .filter(({ passed }) => !passed)
      .map(({ id }) => id);
    expect(failed).toEqual([
      'validation:mandatory_spec_version',
      'validation:mandatory_all_actions_included',
    ]);
  });
});

describe('what leads back to a manifest', () => {
  it('is in it, and the mark is named as something that was done', async () => {
    const { rendition } = await signedClip({ softBindings: bindings });
    expect(rendition.report.softBindings).toEqual(bindings);
    expect(rendition.report.manifest?.actions.map(({ action }) => action)).toEqual([
      'c2pa.created',
      'c2pa.watermarked.bound',
    ]);
  });

  it('claims no mark where there is only a fingerprint', async () => {
    const { rendition } = await signedClip({ softBindings: bindings.slice(1) });
    expect(rendition.report.manifest?.actions.map(({ action }) => action)).toEqual(['c2pa.created']);
  });
});

describe('uploads', () => {
  it('are opened, published, and carry what they came with', async () => {
    const origin = await signedClip({ title: 'Before the upload' });
    const request = await uploadRequest(origin.bytes);
    const { report } = expectOk(await service.sign(request));
    expect(report.manifest?.actions.map(({ action }) => action)).toEqual(['c2pa.opened', 'c2pa.published']);
    expect(report.manifest?.ingredients).toMatchObject([
      {
        title: 'film.mp4',
        relationship: 'parentOf',
        state: 'Trusted',
        manifest: origin.rendition.manifestLabel,
      },
    ]);
    // One store in the file: the one the upload brought is carried within ours, not beside it.
    expect(report.store).toHaveLength(1);
  });

  it('without credentials are named by their hash', async () => {
    const source = video('bright');
    const { report, crJsonKey } = expectOk(await service.sign(await uploadRequest(source)));
    expect(report.manifest?.ingredients).toMatchObject([
      { relationship: 'parentOf', state: 'None', manifest: null },
    ]);
    const text = JSON.stringify(await storedJson(crJsonKey));
    expect(text).toContain(`"sha256":"${await hexDigest(source)}"`);
    expect(text).toContain('"instanceID":"ni:///sha-256;');
  });

  it('with credentials that do not fit are recorded as such, and the new signature still holds', async () => {
    const request = await uploadRequest(flipInMdat((await signedClip()).bytes));
    const { report } = expectOk(await service.sign(request));
    expect(report.state).toBe('Trusted');
    expect(report.manifest?.ingredients).toMatchObject([{ state: 'Invalid' }]);
  });

  it('are refused if the file is not the one that was uploaded', async () => {
    const request = await uploadRequest(video());
    await env.MEDIA.put(request.sourceKey, video('bright'));
    expect(await service.sign(request)).toMatchObject({ ok: false, error: { code: 'checksum_mismatch' } });
  });
});

describe('parents', () => {
  it('are taken from what was written when they were signed, without reading their file', async () => {
    const parent = await signedClip();
    const request = await signRequest({ ingredients: [ingredient(parent, 'inputTo', true)] });
    const read: string[] = [];
    const deps = await localDeps(inject('signingSecrets'));
    const bucket = new Proxy(deps.bucket, {
      get(target, name) {
        if (name === 'get') {
          return (...call: Parameters<R2Bucket['get']>) => {
            read.push(call[0]);
            return target.get(...call);
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { report } = expectOk(await signRendition(request, { ...deps, bucket }));
    expect(report.manifest?.ingredients).toMatchObject([{ state: 'Trusted', clipId: parent.request.clipId }]);
    expect(read).toContain(parent.request.manifestKey);
    expect(read).not.toContain(parent.request.targetKey);
  });

  it.each<[string, (parent: Awaited<ReturnType<typeof signedClip>>) => Promise<unknown>]>([
    ['file', (parent) => env.MEDIA.put(parent.request.targetKey, flipInMdat(parent.bytes))],
    [
      'file, with the credentials of another clip',
      async (parent) => env.MEDIA.put(parent.request.targetKey, (await signedClip()).bytes.subarray(0, 9000)),
    ],
  ])('are refused when their %s was changed since', async (_, change) => {
    const parent = await signedClip();
    await change(parent);
    const request = await signRequest({ ingredients: [ingredient(parent, 'inputTo', true)] });
    const result = await service.sign(request);
    expect(result.ok).toBe(false);
    expect(await env.MEDIA.head(request.targetKey)).toBeNull();
  });

  it('are read anew when the store beside them is another, or the crJSON is gone', async () => {
    const [parent, other] = [await signedClip(), await signedClip({}, video('bright'))];
    await env.MEDIA.put(parent.request.manifestKey, await stored(other.request.manifestKey));
    const first = await signedClip({ ingredients: [ingredient(parent, 'inputTo', true)] });
    await env.MEDIA.delete(other.rendition.crJsonKey);
    const second = await signedClip({ ingredients: [ingredient(other, 'inputTo', true)] });
    expect(first.rendition.report.manifest?.ingredients[0]?.manifest).toBe(parent.rendition.manifestLabel);
    expect(second.rendition.report.manifest?.ingredients[0]?.manifest).toBe(other.rendition.manifestLabel);
  });

  it('that share ancestors bring each of them once', async () => {
    const root = await signedClip({ title: 'root' });
    const [left, right] = [
      await signedClip({ ingredients: [ingredient(root, 'inputTo')] }),
      await signedClip({ ingredients: [ingredient(root, 'inputTo')] }, video('bright')),
    ];
    const { rendition } = await signedClip({
      ingredients: [ingredient(left, 'inputTo'), ingredient(right, 'inputTo')],
    });
    expect(rendition.report.state).toBe('Trusted');
    expect(rendition.report.manifests.map(({ label }) => label).toSorted()).toEqual(
      [rendition, left.rendition, right.rendition, root.rendition].map((one) => one.manifestLabel).toSorted(),
    );
  });
});

describe('time stamps', () => {
  it('say when a clip was signed, and who vouches for it', async () => {
    const rendition = expectOk(await signStamped(await signRequest({ softBindings: bindings }), authority()));
    expect(rendition.report.state).toBe('Trusted');
    expect(codes(rendition.report, 'success')).toEqual(
      expect.arrayContaining(['timeStamp.validated', 'timeStamp.trusted']),
    );
    expect(rendition.report.manifests[0]?.timestamp?.time).toMatch(/^20\d\d-/);
  });

  it.skipIf(rubrics === null)('change nothing for the rubric', async () => {
    if (rubrics === null) return;
    const { crJsonKey } = expectOk(await signStamped(await signRequest(trained), authority()));
    const crJson = await storedJson(crJsonKey);
    const version = { $expected_spec_version: '2.4' };
    expect(tally(runRubric(parseRubric(rubrics.conformance), crJson, version))).toEqual([31, []]);
    expect(tally(runRubric(parseRubric(rubrics.integrity), crJson))).toEqual([6, []]);
  });

  it.each<[string, Fetch, string]>([
    ['are for other bytes', authority({ digest: true }), 'time_stamp_mismatch'],
    ['answer another request', authority({ nonce: true }), 'time_stamp_mismatch'],
    ['are refused by the authority', authority({ refuse: true }), 'time_stamp_refused'],
    ['are no time stamps', async () => new Response('hello'), 'time_stamp_malformed'],
    ['are much too long', async () => new Response(new Uint8Array(60_000)), 'time_stamp_answer_too_long'],
    ['cannot be had', async () => new Response('busy', { status: 503 }), 'time_stamp_refused'],
    ['come from nowhere', () => Promise.reject(new TypeError('network')), 'time_stamp_unreachable'],
  ])('stop the signature if they %s', async (_, fetcher, reason) => {
    const request = await signRequest();
    const result = await signStamped(request, fetcher);
    expect(result).toMatchObject({ ok: false, error: { code: 'provenance_failed', details: { reason } } });
    await expectNothing(request);
  });

  it('stop the signature if their own signature does not hold', async () => {
    const request = await signRequest();
    const result = await signStamped(request, authority({ signature: true }));
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'provenance_failed', details: { stamped: false } },
    });
    await expectNothing(request);
  });
});

describe('a key that is somewhere else', () => {
  const remote = { SIGNER_URL: 'https://keys.example/sign', SIGNER_TOKEN: 'bearer-of-the-test' };

  async function signWith(request: SignRequest, fetcher: Fetch): Promise<Result<SignedRendition>> {
    const secrets = inject('signingSecrets');
    const identity = await signingIdentity(
      {
        C2PA_SIGNING_CHAIN: secrets.C2PA_SIGNING_CHAIN,
        C2PA_TRUST_ANCHORS: secrets.C2PA_TRUST_ANCHORS,
        ...remote,
      },
      fetcher,
    );
    const local = await localDeps(secrets);
    return signRendition(request, { ...local, signer: manifestSigner(withTimeout(identity)) });
  }

  it('signs digests, and sees no claim', async () => {
    const { fetcher, requests } = await remoteFetch(inject('signingSecrets'));
    const { report } = expectOk(await signWith(await signRequest({ title: 'secret title' }), fetcher));
    expect(report.state).toBe('Trusted');
    expect(requests).toHaveLength(1);
    expect(requests[0]?.authorization).toBe('Bearer bearer-of-the-test');
    expect(requests[0]?.body).toEqual({ algorithm: 'ES256', digest: expect.stringMatching(/^[\w+/]{43}=$/) });
  });

  it('is asked again after a hiccup, and not after a refusal', async () => {
    const { fetcher, requests } = await remoteFetch(inject('signingSecrets'));
    let calls = 0;
    const hiccup: Fetch = (url, init) => {
      calls += 1;
      return calls === 1 ? Promise.resolve(new Response('', { status: 502 })) : fetcher(url, init);
    };
    expectOk(await signWith(await signRequest(), hiccup));
    expect(requests).toHaveLength(1);
    let refusals = 0;
    const refusing: Fetch = async () => {
      refusals += 1;
      return new Response('', { status: 403 });
    };
    expect(await signWith(await signRequest(), refusing)).toMatchObject({
      error: { details: { reason: 'signer_refused', status: 403 } },
    });
    expect(refusals).toBe(1);
  });

  it.each<[string, () => Promise<Fetch>, string]>([
    ['fails', async () => async () => new Response('', { status: 500 }), 'signer_refused'],
    ['is not there', async () => () => Promise.reject(new TypeError('network')), 'signer_unreachable'],
    ['does not answer in time', async () => neverAnswers, 'signer_unreachable'],
    ['sends no JSON', async () => async () => new Response('x'), 'signer_answer_malformed'],
    ['sends a signature that is too short', async () => answering(btoa('short')), 'signer_answer_malformed'],
    [
      'sends a redirect',
      async () => async () => Response.redirect('https://else.example/', 307),
      'signer_refused',
    ],
    ['signs something else', async () => answering(btoa('\x07'.repeat(64))), 'signature_wrong'],
    [
      'signs with another key',
      async () => (await remoteFetch(inject('strangerSecrets'))).fetcher,
      'signature_wrong',
    ],
  ])('stops the signature if it %s', async (_, make, reason) => {
    const request = await signRequest();
    const result = await signWith(request, await make());
    expect(result).toMatchObject({ ok: false, error: { code: 'provenance_failed', details: { reason } } });
    expect(JSON.stringify(result)).not.toContain('bearer-of-the-test');
    await expectNothing(request);
  });

  it('needs a token', async () => {
    const secrets = { ...inject('signingSecrets'), SIGNER_URL: 'https://keys.example/sign' };
    await expect(signingIdentity(secrets)).rejects.toThrow('SIGNER_TOKEN');
  });
});

/** Ends when it is given up on. */
const neverAnswers: Fetch = (_, init) =>
  new Promise((_resolve, reject) => {
    init.signal?.addEventListener('abort', () => reject(new DOMException('timeout', 'TimeoutError')));
  });

function answering(signature: string): Fetch {
  return async () => Response.json({ signature });
}

/** The ten seconds a key service has are a test's whole patience. */
function withTimeout(identity: Awaited<ReturnType<typeof signingIdentity>>) {
  const { key } = identity;
  return key.kind === 'remote'
    ? { ...identity, key: { ...key, service: { ...key.service, timeoutMs: 50 } } }
    : identity;
}

function tally(results: readonly RubricResult[]): [number, string[]] {
  return [results.length, results.filter(({ passed }) => !passed).map(({ id }) => id)];
}

async function expectNothing(
  request: Pick<GeneratedSignRequest, 'targetKey' | 'manifestKey'>,
): Promise<void> {
  expect(await env.MEDIA.head(request.targetKey)).toBeNull();
  expect(await env.MEDIA.head(request.manifestKey)).toBeNull();
}
