import { z } from 'zod';
import type { EnrolmentRecord } from '#durable-objects/enrolment/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import {
  type Enrolment,
  enrolmentSchema,
  recordingLimits,
  recordingMediaTypes,
  startEnrolmentSchema,
} from '#schemas/http/cameo.ts';
import { idSchema } from '#schemas/ids.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';
import { receiveRecording } from './receive-recording.ts';

const params = z.object({ id: idSchema('enr') });
const binary = { schema: z.string().meta({ format: 'binary' }) };

/** Whose it is stays here. */
function present({ accountId: _, ...enrolment }: EnrolmentRecord): Enrolment {
  return enrolment;
}

const startRoute = createRoute({
  method: 'post',
  path: '/api/v1/cameo/enrolments',
  operationId: 'startEnrolment',
  summary: 'Ask for a challenge',
  description:
    'Six digits to say and three turns of the head, good for one recording within ten minutes. Ten a day.',
  tags: ['Cameos'],
  request: { body: body(startEnrolmentSchema) },
  responses: { 201: json(enrolmentSchema, 'The challenge.'), ...refusals('unauthenticated') },
});

export const startEnrolment = createRouter().openapi(startRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const enrolmentId = createId('enr', Date.now());
  unwrap(await c.env.FACE_INDEX.getByName('main').admitChallenge(accountId, enrolmentId));
  const { keepForRendering } = c.req.valid('json');
  const opened = await c.env.ENROLMENT.getByName(enrolmentId).open({
    enrolmentId,
    accountId,
    keepForRendering,
  });
  return c.json(present(opened), 201);
});

const readRoute = createRoute({
  method: 'get',
  path: '/api/v1/cameo/enrolments/{id}',
  operationId: 'getEnrolment',
  summary: 'How an enrolment stands',
  description: 'The checks say what was seen and, for each that failed, what to do.',
  tags: ['Cameos'],
  request: { params },
  responses: { 200: json(enrolmentSchema, 'As it is now.'), ...refusals('unauthenticated', 'not_found') },
});

export const readEnrolment = createRouter().openapi(readRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const enrolment = await c.env.ENROLMENT.getByName(c.req.valid('param').id).read(accountId);
  return c.json(present(unwrap(enrolment)), 200);
});

const recordRoute = createRoute({
  method: 'put',
  path: '/api/v1/cameo/enrolments/{id}/recording',
  operationId: 'putEnrolmentRecording',
  summary: 'Send the recording',
  description: `The bytes, ${recordingMediaTypes.join(' or ')}, at most ${recordingLimits.maxBytes / 1024 / 1024} MiB and from ${recordingLimits.minSeconds} to ${recordingLimits.maxSeconds} seconds. It uses the challenge up; an upload that breaks off gives it back. The recording is deleted after the decision.`,
  tags: ['Cameos'],
  request: {
    params,
    body: { required: true, content: Object.fromEntries(recordingMediaTypes.map((type) => [type, binary])) },
  },
  responses: {
    202: json(enrolmentSchema, 'It will be inspected.'),
    ...refusals(
      'unauthenticated',
      'not_found',
      'challenge_expired',
      'payload_too_large',
      'media_type_unsupported',
    ),
  },
});

export const recordEnrolment = createRouter().openapi(recordRoute, async (c) => {
  const { accountId } = requireViewer(c);
  const enrolment = c.env.ENROLMENT.getByName(c.req.valid('param').id);
  // First whose it is: what is wrong with the bytes is nobody else's business.
  unwrap(await enrolment.read(accountId));
  const stream = c.req.raw.body;
  if (stream === null) throw new RefusalError('bad_request', 'The body is empty.');
  const mediaType = mediaTypeOf(c.req.header('Content-Type'));
  const size = sizeOf(c.req.header('Content-Length'));
  const { objectKey, attempt } = unwrap(await enrolment.beginRecording(accountId));

  const work = (async () => {
    try {
      const sha256 = await receiveRecording(c.env.MEDIA, objectKey, stream, mediaType, size);
      return await enrolment.recorded({ attempt, size, mediaType, sha256 });
    } catch (error) {
      await enrolment.abandonRecording(attempt);
      throw error;
    }
  })();
  // Goes on when the sender hangs up, so that a broken upload gives the challenge back at once.
  c.executionCtx.waitUntil(work.catch(() => undefined));
  const recorded = await work;
  if (!recorded.ok) await c.env.MEDIA.delete(objectKey);
  return c.json(present(unwrap(recorded)), 202);
});

type MediaType = (typeof recordingMediaTypes)[number];

/** @throws RefusalError media_type_unsupported */
function mediaTypeOf(header: string | undefined): MediaType {
  const essence = header?.split(';')[0]?.trim().toLowerCase();
  const known = recordingMediaTypes.find((type) => type === essence);
  if (known === undefined) {
    throw new RefusalError('media_type_unsupported', `Send ${recordingMediaTypes.join(' or ')}.`);
  }
  return known;
}

/** @throws RefusalError bad_request, payload_too_large */
function sizeOf(header: string | undefined): number {
  const size = Number(header);
  if (header === undefined || !Number.isSafeInteger(size) || size <= 0) {
    throw new RefusalError('bad_request', 'Content-Length is required.');
  }
  if (size > recordingLimits.maxBytes) {
    throw new RefusalError(
      'payload_too_large',
      `A recording may have at most ${recordingLimits.maxBytes / 1024 / 1024} MiB.`,
    );
  }
  return size;
}
