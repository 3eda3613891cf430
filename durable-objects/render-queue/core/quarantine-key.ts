/** Where in R2 a node stores a file under its fencing token: nothing in there was checked yet. Called by the queue and the workflow. */
import type { OutputFile } from '#schemas/render.ts';

export function quarantineKey(jobId: string, fence: number, file: OutputFile): string {
  return `quarantine/${jobId}/${fence}/${file}`;
}
