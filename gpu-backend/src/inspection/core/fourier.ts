/** Radix-2 Fourier transform in place (Cooley & Tukey 1965). Called by grain.ts and sound.ts. */

/** @param re, im of the same length, a power of two; overwritten with the transform. */
export function fourier(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j] ?? 0, re[i] ?? 0];
      [im[i], im[j]] = [im[j] ?? 0, im[i] ?? 0];
    }
  }
  for (let length = 2; length <= n; length *= 2) {
    const angle = (-2 * Math.PI) / length;
    const half = length / 2;
    for (let k = 0; k < half; k++) {
      const [wr, wi] = [Math.cos(angle * k), Math.sin(angle * k)];
      for (let a = k; a < n; a += length) {
        const b = a + half;
        const [br, bi] = [re[b] ?? 0, im[b] ?? 0];
        const [tr, ti] = [br * wr - bi * wi, br * wi + bi * wr];
        const [ar, ai] = [re[a] ?? 0, im[a] ?? 0];
        re[a] = ar + tr;
        im[a] = ai + ti;
        re[b] = ar - tr;
        im[b] = ai - ti;
      }
    }
  }
}
