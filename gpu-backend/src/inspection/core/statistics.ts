/** Small sums used by the checks of this folder. */

/** Sorted copy's value at the share; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Pearson's correlation; 0 where one side does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [(a[i] ?? 0) - meanA, (b[i] ?? 0) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

export function cosine(a: readonly number[], b: readonly number[]): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/**
 * Solves A·x = b in place by elimination with partial pivoting.
 * @returns undefined when A is singular.
 */
export function solve(matrix: number[][], right: number[]): number[] | undefined {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const at = (r: number, c: number): number => rows[r]?.[c] ?? 0;
  for (let c = 0; c < n; c++) {
    let best = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(at(r, c)) > Math.abs(at(best, c))) best = r;
    if (Math.abs(at(best, c)) < 1e-12) return undefined;
    const [upper, lower] = [rows[c], rows[best]];
    if (!upper || !lower) return undefined;
    rows[c] = lower;
    rows[best] = upper;
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = at(r, c) / at(c, c);
      const row = rows[r];
      if (row && factor !== 0) for (let k = c; k <= n; k++) row[k] = (row[k] ?? 0) - factor * at(c, k);
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] ?? 1));
}

/** Least squares: the x that makes rows·x come nearest to targets. */
export function leastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): number[] | undefined {
  const n = rows[0]?.length ?? 0;
  const normal = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const right = new Array<number>(n).fill(0);
  rows.forEach((row, k) => {
    for (let i = 0; i < n; i++) {
      right[i] = (right[i] ?? 0) + (row[i] ?? 0) * (targets[k] ?? 0);
      const line = normal[i];
      if (line) for (let j = 0; j < n; j++) line[j] = (line[j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
    }
  });
  return solve(normal, right);
}
