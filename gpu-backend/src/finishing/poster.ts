/**
 * The still shown before a clip plays: a JPEG of one marked frame, and its average colour as the placeholder before that.
 * Called by finish.ts.
 */
import { createCanvas, ImageData } from '@napi-rs/canvas';

export interface Poster {
  readonly jpeg: Uint8Array;
  /** `#rrggbb`. */
  readonly color: string;
}

/** @param pixels RGBA rows without padding; copied before the first await. */
export function makePoster(pixels: Uint8Array, width: number, height: number): Promise<Poster> {
  const color = averageColor(pixels);
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(pixels), width, height), 0, 0);
  return canvas.encode('jpeg', 84).then((jpeg) => ({ jpeg: new Uint8Array(jpeg), color }));
}

function averageColor(pixels: Uint8Array): string {
  const sums = [0, 0, 0];
  let count = 0;
  // Every 29th pixel: prime, so that no column is favoured.
  for (let i = 0; i + 3 < pixels.length; i += 29 * 4, count++) {
    for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + (pixels[i + c] ?? 0);
  }
  return `#${sums
    .map((sum) =>
      Math.round(sum / Math.max(1, count))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
