/** A finished render as a node would send it: real video, real poster, honest facts about them. */
import { createCanvas } from '@napi-rs/canvas';
import { fingerprintFrames } from '#core/fingerprint/index.ts';
import { outputPolicyVersion } from '#core/moderation/output-policy.ts';
import type { Fingerprints } from '#schemas/fingerprint.ts';
import type { OutputFile, RenderOutput } from '#schemas/render.ts';
import { makeMp4, type TestVideo } from './make-mp4.ts';
import { storedFile } from './scripted-node.ts';

export interface Rendered {
  readonly files: ReadonlyMap<OutputFile, Uint8Array<ArrayBuffer>>;
  readonly output: RenderOutput;
}

/** Two seconds at 720×1280 unless the test wants something else. */
export async function makeRendered(video: TestVideo = {}): Promise<Rendered> {
  const { width = 720, height = 1280, seconds = 2 } = video;
  return describeRender(await makeMp4({ ...video, width, height, seconds }), { width, height, seconds });
}

/** The scripted node puts the mark in its place that was ordered with the lease. */
export const asOrdered = '0000000000';

/** Real fingerprints of pictures that are drawn from the file's own bytes: other files, other fingerprints. */
async function fingerprintsOf(mp4: Uint8Array): Promise<Fingerprints> {
  const pictures = [0, 0.5, 1, 1.5].map((at) => {
    const luma = Uint8Array.from({ length: 64 * 64 }, (_, i) => {
      const [x, y] = [(i % 64) >> 3, i >> 9];
      return mp4[(mp4.length - 1 - 97 * (x + 8 * y)) % mp4.length] ?? 0;
    });
    return { at, width: 64, height: 64, luma };
  });
  return { ...(await fingerprintFrames(pictures)), audio: null };
}

/** The same around any bytes, for nodes that lie. */
export async function describeRender(
  mp4: Uint8Array<ArrayBuffer>,
  claim: { readonly width: number; readonly height: number; readonly seconds: number },
): Promise<Rendered> {
  const fingerprints = new TextEncoder().encode(JSON.stringify(await fingerprintsOf(mp4)));
  const poster = new Uint8Array(createCanvas(claim.width / 4, claim.height / 4).toBuffer('image/jpeg'));
  return {
    files: new Map<OutputFile, Uint8Array<ArrayBuffer>>([
      ['video.mp4', mp4],
      ['poster.jpg', poster],
      ['fingerprints.json', fingerprints],
    ]),
    output: {
      files: {
        'video.mp4': storedFile(mp4),
        'poster.jpg': storedFile(poster),
        'fingerprints.json': storedFile(fingerprints),
      },
      watermarkId: asOrdered,
      policy: {
        version: outputPolicyVersion,
        models: [{ name: 'scripted', version: 'test' }],
        findings: [],
      },
      width: claim.width,
      height: claim.height,
      durationMs: claim.seconds * 1000,
      engine: { name: 'sketch', version: 'test', model: 'test' },
      summary: 'A test picture.',
      loudness: -14,
      color: '#204060',
    },
  };
}
