/**
 * How far two luma pictures are apart. Called by measure.ts.
 */

/** Mean square difference, grey levels squared. */
export function meanSquare(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const d = (a[i] ?? 0) - (b[i] ?? 0);
    sum += d * d;
  }
  return sum / a.length;
}

/** Decibels below full scale. */
export function psnr(mse: number): number {
  return 10 * Math.log10((255 * 255) / mse);
}

const side = 8;
const step = 4;
/** (0.01 · 255)² and (0.03 · 255)². */
const [c1, c2] = [6.5025, 58.5225];

/**
 * Mean structural similarity over 8×8 windows, every fourth pixel: the variant with even windows that codecs report.
 * @see Wang, Bovik, Sheikh, Simoncelli 2004, eq. 13
 */
export function ssim(a: Uint8Array, b: Uint8Array, width: number, height: number): number {
  let total = 0;
  let windows = 0;
  const n = side * side;
  for (let y = 0; y + side <= height; y += step) {
    for (let x = 0; x + side <= width; x += step) {
      let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0];
      for (let j = 0; j < side; j++) {
        const at = (y + j) * width + x;
        for (let i = at; i < at + side; i++) {
          const p = a[i] ?? 0;
          const q = b[i] ?? 0;
          sa += p;
          sb += q;
          saa += p * p;
          sbb += q * q;
          sab += p * q;
        }
      }
      const [ma, mb] = [sa / n, sb / n];
      const [va, vb, cov] = [saa / n - ma * ma, sbb / n - mb * mb, sab / n - ma * mb];
      total += ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
      windows += 1;
    }
  }
  return total / windows;
}
