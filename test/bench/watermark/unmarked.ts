/**
 * Pictures without the mark, read as if they had it: windows cut anywhere out of unmarked frames, each with a key of its own. Every
 * answer is a false one. Called by run.ts.
 */
import { detectFrames } from '../../../core/watermark/detect.ts';
import { type LumaFrame, lumaFromRgba } from '../../../core/watermark/frame.ts';
import { KeyStream } from '../../../core/watermark/keystream.ts';
import type { Source } from './sources.ts';

export interface UnmarkedResult {
  readonly first: { readonly windows: number; readonly found: number };
  readonly deep: { readonly windows: number; readonly found: number };
}

/** @returns a window of the frame between a third and the whole of each side */
function cut(frame: LumaFrame, draw: KeyStream): LumaFrame {
  const width = Math.floor(frame.width / 3) + draw.below(Math.floor((frame.width * 2) / 3));
  const height = Math.floor(frame.height / 3) + draw.below(Math.floor((frame.height * 2) / 3));
  const x0 = draw.below(frame.width - width + 1);
  const y0 = draw.below(frame.height - height + 1);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const at = (y0 + y) * frame.width + x0;
    data.set(frame.data.subarray(at, at + width), y * width);
  }
  return { width, height, data };
}

/** @param windows how many are read quickly; every `deepEvery`th is searched as well */
export async function readUnmarked(
  sources: readonly Source[],
  seed: Uint8Array,
  windows: number,
  deepEvery: number,
  progress: (done: number) => void,
): Promise<UnmarkedResult> {
  const draw = new KeyStream(seed, 'unmarked');
  const total = sources.reduce((sum, source) => sum + source.frameCount, 0);
  const first = { windows: 0, found: 0 };
  const deep = { windows: 0, found: 0 };
  const key = new Uint8Array(32);
  for (const source of sources) {
    let index = 0;
    for await (const pixels of source.frames()) {
      index += 1;
      const frame = lumaFromRgba(pixels, source.width, source.height);
      const share = Math.ceil(windows / total);
      for (let i = 0; i < share && first.windows < windows; i++) {
        for (let k = 0; k < 32; k++) key[k] = draw.below(256);
        const window = cut(frame, draw);
        first.windows += 1;
        if (await detectFrames([window], key, { effort: 'first' })) first.found += 1;
        if (first.windows % deepEvery === 0) {
          deep.windows += 1;
          if (await detectFrames([window], key, { effort: 'deep' })) deep.found += 1;
        }
      }
      if (index % 10 === 0) progress(first.windows);
    }
  }
  return { first, deep };
}
