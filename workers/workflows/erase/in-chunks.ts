/**
 * Many calls, a few at a time: a likeness may have been cast in thousands of jobs, and a Worker may have only so many calls under way.
 * Called by the steps of the erasure workflow.
 */
const chunk = 50;

/** Answers in order; rejects with the first failure, after the calls of its chunk were made. */
export async function inChunks<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += chunk) {
    results.push(...(await Promise.all(items.slice(from, from + chunk).map(work))));
  }
  return results;
}
