/**
 * Whether a node stored what it says it stored. Invariant: a job is completed only with files that were authorised under its token and
 * that R2 holds with the declared size and digest. Called by the RenderQueue object; the bytes themselves are checked by the workflow.
 */
import { type OutputFile, outputFileSchema, outputFiles, type RenderOutput } from '#schemas/render.ts';
import { fail, ok, type Result } from '#schemas/result.ts';
import { quarantineKey } from './core/quarantine-key.ts';
import type { JobsStore } from './jobs-store.ts';

/** Refuses with output_invalid (not authorised, missing, other size, too large) and checksum_mismatch. */
export async function verifyUploads(
  media: R2Bucket,
  jobs: JobsStore,
  jobId: string,
  fence: number,
  output: RenderOutput,
): Promise<Result<void>> {
  const declared = outputFileSchema.options.filter((file) => output.files[file] !== undefined);
  const checks = await Promise.all(declared.map((file) => verify(media, jobs, jobId, fence, file, output)));
  return checks.find((check) => !check.ok) ?? ok(undefined);
}

async function verify(
  media: R2Bucket,
  jobs: JobsStore,
  jobId: string,
  fence: number,
  file: OutputFile,
  output: RenderOutput,
): Promise<Result<void>> {
  const stored = output.files[file];
  if (stored === undefined) return ok(undefined);
  if (stored.size > outputFiles[file].maxBytes) {
    return fail('output_invalid', `${file} may have at most ${outputFiles[file].maxBytes} bytes.`, { file });
  }
  if (!jobs.isAuthorized(jobId, fence, file))
    return fail('output_invalid', `${file} was not uploaded under this lease.`, { file });
  const object = await media.head(quarantineKey(jobId, fence, file));
  if (object === null) return fail('output_invalid', `${file} has not arrived.`, { file });
  if (object.size !== stored.size) {
    return fail('output_invalid', `${file} has ${object.size} bytes and ${stored.size} were declared.`, {
      file,
    });
  }
  const digest = object.checksums.toJSON().sha256;
  if (digest !== undefined && digest !== stored.sha256) return fail('checksum_mismatch', undefined, { file });
  return ok(undefined);
}
