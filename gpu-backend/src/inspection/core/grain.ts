/**
 * Looks for the pattern a screen leaves in a picture of it: its stripes beat with the camera's pixels, which shows as a lone
 * peak in a spectrum that falls smoothly for skin. Luminance and the two colour differences are looked at, because a screen's
 * stripes are coloured. Called by look.ts.
 * @see Patel, Han, Jain, "Secure Face Unlock: Spoof Detection on Smartphones", IEEE TIFS 2016 (moiré as a cue).
 */
import { fourier } from './fourier.ts';

/** Pixels per side that are looked at, from the middle of the face and not scaled. */
const patch = 128;
/** Cycles per patch: below is the face itself, above what cameras and codecs leave. */
const [lowest, highest] = [10, 60];

/**
 * Decibels by which the strongest peak stands above the median of its own ring of frequencies, the largest of the three channels.
 * @param face centre and side of the square around it, pixels.
 * @returns 0 when the face is too small to tell.
 */
export function grainOf(
  /** RGBA. */
  { data, width, height }: { data: Uint8Array | Uint8ClampedArray; width: number; height: number },
  face: { x: number; y: number; size: number },
): number {
  const left = Math.round(Math.min(width - patch, Math.max(0, face.x - patch / 2)));
  const top = Math.round(Math.min(height - patch, Math.max(0, face.y - patch / 2)));
  if (width < patch || height < patch || face.size < 1.2 * patch) return 0;
  const channels = [
    new Float64Array(patch * patch),
    new Float64Array(patch * patch),
    new Float64Array(patch * patch),
  ];
  for (let v = 0; v < patch; v++)
    for (let u = 0; u < patch; u++) {
      const at = ((top + v) * width + left + u) * 4;
      const [r, g, b] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
      const i = v * patch + u;
      for (const [c, value] of [0.3 * r + 0.59 * g + 0.11 * b, r - g, b - g].entries()) {
        const channel = channels[c];
        if (channel) channel[i] = value;
      }
    }
  return Math.max(...channels.map(peak));
}

function peak(channel: Float64Array): number {
  const power = spectrum(channel);
  const rings: number[][] = [];
  const best: number[] = [];
  for (let v = 0; v < patch; v++)
    for (let u = 0; u <= patch / 2; u++) {
      const fv = v <= patch / 2 ? v : v - patch;
      const radius = Math.hypot(u, fv);
      // Edges of blocks and of the patch lie on the axes; they are no pattern of a screen.
      if (radius < lowest || radius >= highest || Math.abs(fv) < 2 || u < 2) continue;
      const ring = Math.floor((radius - lowest) / 5);
      const value = power[v * patch + u] ?? 0;
      rings[ring] ??= [];
      rings[ring]?.push(value);
      best[ring] = Math.max(best[ring] ?? 0, value);
    }
  return Math.max(
    0,
    ...rings.map((values, ring) => {
      const sorted = values.toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
      return 10 * Math.log10(((best[ring] ?? 0) + 1) / (median + 1));
    }),
  );
}

/** Power of the windowed patch (Hann), by frequency. */
function spectrum(channel: Float64Array): Float64Array {
  const mean = channel.reduce((sum, value) => sum + value, 0) / channel.length;
  const window = Float64Array.from(
    { length: patch },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / patch),
  );
  const re = channel.map(
    (value, i) => (value - mean) * (window[i % patch] ?? 0) * (window[Math.floor(i / patch)] ?? 0),
  );
  const im = new Float64Array(re.length);
  const [lineRe, lineIm] = [new Float64Array(patch), new Float64Array(patch)];
  for (let row = 0; row < patch; row++)
    fourier(re.subarray(row * patch, (row + 1) * patch), im.subarray(row * patch, (row + 1) * patch));
  for (let column = 0; column < patch; column++) {
    for (let row = 0; row < patch; row++) {
      lineRe[row] = re[row * patch + column] ?? 0;
      lineIm[row] = im[row * patch + column] ?? 0;
    }
    fourier(lineRe, lineIm);
    for (let row = 0; row < patch; row++)
      re[row * patch + column] = (lineRe[row] ?? 0) ** 2 + (lineIm[row] ?? 0) ** 2;
  }
  return re;
}
