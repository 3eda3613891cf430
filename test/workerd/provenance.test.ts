/** Signing and verifying as callers see it: over RPC, in workerd, against real R2, certificates and encoded video. */
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it } from 'vitest';
import { signingIdentity, trustAnchors } from '#workers/provenance/config.ts';
import { type SignDeps, signRendition } from '#workers/provenance/sign.ts';
import { manifestSigner } from '#workers/provenance/signer.ts';
import { ownTrust, verifySource } from '#workers/provenance/verify.ts';
import type { SigningSecrets } from '../support/provenance-context.ts';
import {
  codes,
  expectOk,
  flipInMdat,
  hexDigest,
  ingredient,
  service,
  signedClip,
  signRequest,
  stored,
  storeIn,
  video,
} from './provenance-service.ts';

describe('signing a clip', () => {
  it('runs in workerd', () => {
    expect(navigator.userAgent).toBe('Cloudflare-Workers');
  });

  it('gives a file that verifies as Trusted and says what it is', async () => {
    const { request, rendition, bytes } = await signedClip();
    const report = expectOk(await service.verify(request.targetKey, 'video/mp4'));

    expect(report.state).toBe('Trusted');
    expect(codes(report, 'failure')).toEqual([]);
    expect(codes(report, 'success')).toContain('assertion.bmffHash.match');
    expect(report.trust).toEqual(['Kinora Development Root']);
    expect(report.manifest).toMatchObject({
      label: rendition.manifestLabel,
      title: request.title,
      claimGenerator: { name: 'Kinora' },
      signer: { commonName: 'Kinora Development Signer', organization: 'Kinora', algorithm: 'Es256' },
      revocationUrl: request.revocationUrl,
      ingredients: [],
    });
    expect(report.manifest?.actions).toEqual([
      {
        action: 'c2pa.created',
        when: request.createdAt,
        digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
        softwareAgent: 'sketch 1.2.0',
      },
    ]);
    expect(report.manifest?.assertions).toEqual(expect.arrayContaining(['org.kinora.clip', 'cawg.metadata']));
    expect(rendition.size).toBe(bytes.length);
    expect(rendition.sha256).toBe(await hexDigest(bytes));
  });

  it('keeps the bare manifest store beside the file', async () => {
    const { request, bytes } = await signedClip();
    const manifest = await stored(request.manifestKey);
    expect(manifest).toEqual(await storeIn(bytes));
    expect((await env.MEDIA.head(request.manifestKey))?.httpMetadata?.contentType).toBe('application/c2pa');
    expect((await env.MEDIA.head(request.targetKey))?.httpMetadata?.contentType).toBe('video/mp4');
  });

  it.each(['trainedAlgorithmicMedia', 'algorithmicMedia', 'compositeSynthetic'] as const)(
    'labels %s',
    async (digitalSourceType) => {
      const { rendition } = await signedClip({ digitalSourceType });
      expect(rendition.report.manifest?.actions[0]?.digitalSourceType).toBe(
        `http://cv.iptc.org/newscodes/digitalsourcetype/${digitalSourceType}`,
      );
    },
  );

  it('carries titles and handles in any script', async () => {
    const { rendition } = await signedClip({ title: 'Снег 🏀 "q" \\ \n漢字', creatorHandle: 'ädá' });
    expect(rendition.report.manifest?.title).toBe('Снег 🏀 "q" \\ \n漢字');
  });
});

describe('remixes', () => {
  it('list a parent that went in as a prompt input, and stay Trusted', async () => {
    const parent = await signedClip({ title: 'The parent' });
    const { rendition } = await signedClip({ ingredients: [ingredient(parent, 'inputTo')] }, video('bright'));
    expect(rendition.report.state).toBe('Trusted');
    expect(codes(rendition.report, 'failure')).toEqual([]);
    expect(rendition.report.manifest?.ingredients).toMatchObject([
      { title: 'The parent', relationship: 'inputTo', clipId: parent.request.clipId, state: 'Trusted' },
    ]);
    expect(rendition.report.manifest?.actions.map(({ action }) => action)).toEqual(['c2pa.created']);
  });

  it('open a parent whose frames they keep and place components', async () => {
    const parent = await signedClip({ title: 'Frames' });
    const component = await signedClip({ title: 'Corner' }, video('bright'));
    const { rendition } = await signedClip(
      { ingredients: [ingredient(parent, 'parentOf'), ingredient(component, 'componentOf')] },
      video('bright'),
    );
    expect(rendition.report.state).toBe('Trusted');
    expect(rendition.report.manifest?.actions.map(({ action }) => action)).toEqual([
      'c2pa.opened',
      'c2pa.edited',
      'c2pa.placed',
    ]);
    expect(
      rendition.report.manifest?.ingredients.map(({ relationship, state }) => [relationship, state]),
    ).toEqual([
      ['parentOf', 'Trusted'],
      ['componentOf', 'Trusted'],
    ]);
  });

  it('keep their lineage over several generations', async () => {
    let clip = await signedClip({ title: 'generation 0' });
    for (let depth = 1; depth <= 4; depth++) {
      clip = await signedClip({ title: `generation ${depth}`, ingredients: [ingredient(clip, 'inputTo')] });
    }
    expect(clip.rendition.report.state).toBe('Trusted');
    expect(clip.rendition.report.manifest?.ingredients).toMatchObject([
      { title: 'generation 3', state: 'Trusted' },
    ]);
  });

  it('are refused when the parent is gone, and write nothing', async () => {
    const parent = await signedClip();
    await env.MEDIA.delete(parent.request.targetKey);
    const request = await signRequest({ ingredients: [ingredient(parent, 'inputTo')] });
    const result = await service.sign(request);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'not_found', details: { ingredient: parent.request.clipId } },
    });
    await expectNothingWritten(request);
  });

  it('are refused when the parent was tampered with', async () => {
    const parent = await signedClip();
    await env.MEDIA.put(parent.request.targetKey, flipInMdat(parent.bytes));
    const request = await signRequest({ ingredients: [ingredient(parent, 'inputTo')] });
    expect(await service.sign(request)).toMatchObject({ ok: false, error: { code: 'provenance_failed' } });
    await expectNothingWritten(request);
  });

  it('may have one parent only', async () => {
    const parent = await signedClip();
    const request = await signRequest({
      ingredients: [ingredient(parent, 'parentOf'), ingredient(parent, 'parentOf')],
    });
    expect(await service.sign(request)).toMatchObject({ ok: false, error: { code: 'bad_request' } });
  });
});

describe('calling sign again', () => {
  it('answers with what was written the first time', async () => {
    const { request, rendition, bytes } = await signedClip();
    const again = expectOk(await service.sign(request));
    expect({ ...again, report: null }).toEqual({ ...rendition, report: null });
    expect(again.report.state).toBe('Trusted');
    expect(await stored(request.targetKey)).toEqual(bytes);
  });

  it('finishes what a crash left undone', async () => {
    const { request, rendition } = await signedClip();
    const manifest = await stored(request.manifestKey);
    await env.MEDIA.delete(request.manifestKey);
    expect(expectOk(await service.sign(request)).manifestLabel).toBe(rendition.manifestLabel);
    expect(await stored(request.manifestKey)).toEqual(manifest);
  });

  it('works when the source was cleaned up since', async () => {
    const { request, rendition } = await signedClip();
    await env.MEDIA.delete(request.sourceKey);
    expect(expectOk(await service.sign(request)).sha256).toBe(rendition.sha256);
    expect(await service.sign({ ...request, title: 'another' })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });

  it('gives every concurrent call the same file', async () => {
    const request = await signRequest();
    const results = await Promise.all(Array.from({ length: 4 }, () => service.sign(request)));
    const labels = new Set(results.map((result) => expectOk(result).manifestLabel));
    expect(labels.size).toBe(1);
    expect(await stored(request.manifestKey)).toEqual(await storeIn(await stored(request.targetKey)));
  });

  it('signs anew when the clip was rendered again', async () => {
    const { request, rendition } = await signedClip();
    await env.MEDIA.put(request.sourceKey, video('bright'));
    const again = expectOk(await service.sign(request));
    expect(again.sha256).not.toBe(rendition.sha256);
    expect(again.sha256).toBe(await hexDigest(await stored(request.targetKey)));
  });

  it('keeps clips apart that are signed at the same time', async () => {
    const requests = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        signRequest({ title: `clip ${i}` }, video(i % 2 === 0 ? 'dark' : 'bright')),
      ),
    );
    const signed = await Promise.all(requests.map((request) => service.sign(request)));
    expect(signed.map((result) => expectOk(result).report.manifest?.title)).toEqual(
      requests.map(({ title }) => title),
    );
    const reports = await Promise.all(
      requests.map((request) => service.verify(request.targetKey, 'video/mp4')),
    );
    expect(reports.map((report) => expectOk(report).state)).toEqual(requests.map(() => 'Trusted'));
  });
});

describe('a signer that is not trusted', () => {
  it.each([
    [
      'a chain of another CA',
      (ours: SigningSecrets, stranger: SigningSecrets) => ({
        ...stranger,
        C2PA_TRUST_ANCHORS: ours.C2PA_TRUST_ANCHORS,
      }),
    ],
    [
      'a key that is not the one in the chain',
      (ours: SigningSecrets, stranger: SigningSecrets) => ({
        ...ours,
        C2PA_SIGNING_KEY: stranger.C2PA_SIGNING_KEY,
      }),
    ],
  ])('is refused: %s', async (_, mix) => {
    const secrets = mix(inject('signingSecrets'), inject('strangerSecrets'));
    const request = await signRequest();
    const result = await signRendition(request, await depsOf(secrets));
    expect(result).toMatchObject({ ok: false, error: { code: 'provenance_failed' } });
    await expectNothingWritten(request);
  });

  it('is Valid, not Trusted, to somebody else who verifies', async () => {
    const stranger = inject('strangerSecrets');
    const request = await signRequest();
    expectOk(await signRendition(request, await depsOf(stranger)));
    const report = expectOk(await service.verify(request.targetKey, 'video/mp4'));
    expect(report.state).toBe('Valid');
    expect(codes(report, 'failure').concat(codes(report, 'informational'))).toContain(
      'signingCredential.untrusted',
    );
  });

  it('is named when a secret is missing or is not one', async () => {
    const ours = inject('signingSecrets');
    await expect(signingIdentity({ ...ours, C2PA_SIGNING_KEY: '' })).rejects.toThrow('C2PA_SIGNING_KEY');
    await expect(signingIdentity({ ...ours, C2PA_SIGNING_CHAIN: 'x' })).rejects.toThrow('C2PA_SIGNING_CHAIN');
    expect(() => trustAnchors({ C2PA_TRUST_ANCHORS: 'x' })).toThrow('C2PA_TRUST_ANCHORS');
  });

  it('accepts secrets whose line breaks are written out', async () => {
    const ours = inject('signingSecrets');
    const escaped = {
      C2PA_SIGNING_KEY: ours.C2PA_SIGNING_KEY.replaceAll('\n', '\\n'),
      C2PA_SIGNING_CHAIN: ours.C2PA_SIGNING_CHAIN.replaceAll('\n', '\\n'),
      C2PA_TRUST_ANCHORS: ours.C2PA_TRUST_ANCHORS.replaceAll('\n', '\\n'),
    };
    const request = await signRequest();
    const signed = await signRendition(request, await depsOf(escaped));
    expect(expectOk(signed).report.state).toBe('Trusted');
  });
});

describe('sources that cannot be signed', () => {
  it('are not there', async () => {
    expect(await service.sign(await signRequest({}, null))).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });

  it.each([
    ['text', new TextEncoder().encode('this is not a video, whatever the render node says')],
    ['nothing', new Uint8Array()],
    ['a cut-off MP4', video().subarray(0, 4000)],
  ])('are not MP4s: %s', async (_, bytes) => {
    const request = await signRequest({}, bytes);
    expect(await service.sign(request)).toMatchObject({ ok: false, error: { code: 'output_invalid' } });
    await expectNothingWritten(request);
  });

  it('come with a request that makes no sense', async () => {
    const request = await signRequest({ revocationUrl: 'not a url', createdAt: 'yesterday' });
    const result = await service.sign(request);
    expect(result).toMatchObject({ ok: false, error: { code: 'bad_request' } });
    expect(JSON.stringify(result)).toContain('revocationUrl');
  });
});

async function depsOf(secrets: SigningSecrets): Promise<SignDeps> {
  const trust = ownTrust(trustAnchors(secrets));
  return {
    bucket: env.MEDIA,
    signer: manifestSigner(await signingIdentity(secrets)),
    stamper: null,
    verify: (source) => verifySource(source, 'video/mp4', trust),
  };
}

async function expectNothingWritten(request: { targetKey: string; manifestKey: string }): Promise<void> {
  expect(await env.MEDIA.head(request.targetKey)).toBeNull();
  expect(await env.MEDIA.head(request.manifestKey)).toBeNull();
}
