/** A finished render as a node would send it: real video, real poster, honest facts about them. */
import { createCanvas } from '@napi-rs/canvas';
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

/** The same around any bytes, for nodes that lie. */
export function describeRender(
  mp4: Uint8Array<ArrayBuffer>,
  claim: { readonly width: number; readonly height: number; readonly seconds: number },
): Rendered {
  const poster = new Uint8Array(createCanvas(claim.width / 4, claim.height / 4).toBuffer('image/jpeg'));
  return {
    files: new Map<OutputFile, Uint8Array<ArrayBuffer>>([
      ['video.mp4', mp4],
      ['poster.jpg', poster],
    ]),
    output: {
      files: { 'video.mp4': storedFile(mp4), 'poster.jpg': storedFile(poster) },
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
