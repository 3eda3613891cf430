/** What the workerd tests of enrolment need: faces, reports, recordings, an enrolment brought to some point. workerd only. */
import { env } from 'cloudflare:workers';
import { createId } from '#durable-objects/shared/id.ts';
import { type EnrolmentCheck, enrolmentChecks } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import { type EnrolmentReport, embeddingLength } from '#schemas/inspection.ts';

/** As the model gives them: single precision. The same seed is the same face; `noise` is another take of it. */
export function face(seed: number, noise = 0): number[] {
  return Array.from({ length: embeddingLength }, (_, index) =>
    Math.fround(2 + 2 * Math.sin(seed * 7.13 + index * (1 + seed * 0.37)) + noise * Math.cos(index * 3.1)),
  );
}

/** Embeddings as a log line or a database dump would show them. */
export function traces(embedding: readonly number[]): RegExp {
  return new RegExp(
    embedding
      .slice(0, 40)
      .map((value) => String(value).slice(0, 9).replace('.', '\\.'))
      .join('|'),
  );
}

export const nodeChecks = enrolmentChecks.filter((name) => name !== 'not-enrolled-elsewhere');

export function report(
  change: Partial<EnrolmentReport> = {},
  outcomes: Partial<Record<EnrolmentCheck['name'], EnrolmentCheck['outcome']>> = {},
): EnrolmentReport {
  const checks = nodeChecks.map((name) => ({
    name,
    outcome: outcomes[name] ?? ('passed' as const),
    message: `What was seen of ${name}.`,
  }));
  return {
    checks,
    embedding: face(1),
    voice: { pitchHz: 181.5, brightness: 0.4375, rate: 4 },
    portrait: null,
    speech: 'verified',
    ...change,
  };
}

/** Distinct bytes that begin like WebM. */
export function recordingBytes(mark = crypto.randomUUID()): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, ...new TextEncoder().encode(`a recording ${mark}`)]);
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

export const newEnrolmentId = () => createId('enr', Date.now());

/** Opens a challenge and puts a recording under it, past the edge. */
export async function recordedEnrolment(
  accountId: Id<'acc'>,
  { keepForRendering = true, bytes = recordingBytes() } = {},
) {
  const id = newEnrolmentId();
  const enrolment = env.ENROLMENT.getByName(id);
  await enrolment.open({ enrolmentId: id, accountId, keepForRendering });
  const begun = await enrolment.beginRecording(accountId);
  if (!begun.ok) throw new Error(begun.error.code);
  const { attempt, objectKey } = begun.value;
  await env.MEDIA.put(objectKey, bytes);
  const recorded = await enrolment.recorded({
    attempt,
    size: bytes.length,
    mediaType: 'video/webm',
    sha256: await sha256(bytes),
  });
  if (!recorded.ok) throw new Error(recorded.error.code);
  return { id, enrolment, objectKey };
}

/** Keys of everything an enrolment has in R2. */
export async function filesOf(id: Id<'enr'>): Promise<string[]> {
  const { objects } = await env.MEDIA.list({ prefix: `enrolments/${id}/` });
  return objects.map(({ key }) => key);
}
