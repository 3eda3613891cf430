/**
 * The real Enrolment object with the real queue, face index, Cameo and inbox behind it: every way an enrolment can end, and that nothing
 * of the recording is left after it.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CameoObject } from '#durable-objects/cameo/cameo-object.ts';
import { FaceIndexObject } from '#durable-objects/face-index/face-index-object.ts';
import { createId } from '#durable-objects/shared/id.ts';
import type { Enrolment } from '#schemas/http/cameo.ts';
import type { Id } from '#schemas/ids.ts';
import type { EnrolmentReport } from '#schemas/inspection.ts';
import {
  face,
  filesOf,
  newEnrolmentId,
  recordedEnrolment,
  recordingBytes,
  report,
  sha256,
  traces,
} from '../support/api-enrolment.ts';
import { evict } from '../support/evict.ts';
import { eventually } from '../support/objects.ts';

const queue = env.INSPECTION_QUEUE.getByName('main');
const faces = env.FACE_INDEX.getByName('main');
const newAccount = () => createId('acc', Date.now());

const logged: string[] = [];
beforeEach(() => {
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => {
      logged.push(parts.map(String).join(' '));
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Everybody in this file has a face of their own unless a test says otherwise. */
let people = 10;
const newFace = () => face(++people);

/** A node looks at this recording and says what it saw; recordings left by other tests are passed over. */
async function inspect(
  id: Id<'enr'>,
  seen: EnrolmentReport,
  portrait?: Uint8Array<ArrayBuffer>,
): Promise<void> {
  for (;;) {
    const leased = await eventually(
      `${id} to be leased`,
      async () => await queue.lease('node-1', { kinds: ['enrolment'], waitMs: 0, software: 'test' }),
    );
    if (leased.inspectionId !== id) continue;
    let stored = null;
    if (portrait !== undefined) {
      const place = await queue.pictureKey('node-1', id, leased.fence);
      if (!place.ok) throw new Error(place.error.code);
      stored = { sha256: await sha256(portrait), size: portrait.length };
      await env.MEDIA.put(place.value.objectKey, portrait, { sha256: stored.sha256 });
    }
    const done = await queue.complete('node-1', id, leased.fence, { ...seen, portrait: stored });
    if (!done.ok) throw new Error(done.error.code);
    return;
  }
}

async function statusIs(
  accountId: Id<'acc'>,
  id: Id<'enr'>,
  status: Enrolment['status'],
): Promise<Enrolment> {
  return eventually(`${id} to be ${status}`, async () => {
    const read = await env.ENROLMENT.getByName(id).read(accountId);
    if (!read.ok) throw new Error(read.error.code);
    return read.value.status === status ? read.value : null;
  });
}

async function nothingLeft(id: Id<'enr'>): Promise<void> {
  await eventually('the files to be erased', async () => ((await filesOf(id)).length === 0 ? true : null));
  const rows = await runInDurableObject(env.ENROLMENT.getByName(id), (_, { storage }) =>
    JSON.stringify(storage.sql.exec('SELECT * FROM enrolment').toArray()),
  );
  expect(rows).not.toMatch(/wrappedKey|ciphertext|pitchHz/);
}

async function noticesOf(accountId: Id<'acc'>): Promise<string[]> {
  const { items } = await env.INBOX.getByName(accountId).list({ before: null, limit: 20 });
  return items.map(({ kind }) => kind);
}

const jpeg = () => Uint8Array.from([0xff, 0xd8, 0xff, ...new TextEncoder().encode(crypto.randomUUID())]);

describe('accepted', () => {
  test('the likeness is enrolled with portrait and voice; the recording and all copies are gone', async () => {
    const ada = newAccount();
    const { id, objectKey } = await recordedEnrolment(ada);
    expect(await filesOf(id)).toEqual([objectKey]);
    const portrait = jpeg();
    await inspect(id, report({ embedding: newFace() }), portrait);
    const enrolment = await statusIs(ada, id, 'accepted');
    expect(enrolment.checks.map(({ outcome }) => outcome)).toEqual(Array(9).fill('passed'));
    expect(enrolment.error).toBeUndefined();
    const cameo = await env.CAMEO.getByName(ada).read();
    if (!cameo.ok) throw new Error(cameo.error.code);
    expect(cameo.value).toMatchObject({
      status: 'enrolled',
      level: 'only-me',
      verification: 'recording',
      portrait: { kind: 'photo', sha256: await sha256(portrait) },
      voice: { pitchHz: 181.5 },
    });
    const kept = await env.MEDIA.get(`likeness/${cameo.value.id}/portrait.jpg`);
    expect(new Uint8Array((await kept?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(portrait);
    await nothingLeft(id);
    await eventually('the notice', async () =>
      (await noticesOf(ada)).includes('enrolment-accepted') ? true : null,
    );
  });

  test('who did not ask to keep anything lends neither portrait nor voice', async () => {
    const ada = newAccount();
    const { id } = await recordedEnrolment(ada, { keepForRendering: false });
    await inspect(id, report({ embedding: newFace() }));
    await statusIs(ada, id, 'accepted');
    expect(await env.CAMEO.getByName(ada).read()).toMatchObject({
      ok: true,
      value: { status: 'enrolled', portrait: null, voice: null },
    });
    await nothingLeft(id);
  });

  test('enrolling again keeps the likeness and its id; another portrait takes the place of the first', async () => {
    const ada = newAccount();
    const mine = newFace();
    const first = await recordedEnrolment(ada);
    await inspect(first.id, report({ embedding: mine }), jpeg());
    await statusIs(ada, first.id, 'accepted');
    const before = await env.CAMEO.getByName(ada).read();
    const second = await recordedEnrolment(ada);
    const portrait = jpeg();
    await inspect(second.id, report({ embedding: mine.map((value) => value + 0.003) }), portrait);
    await statusIs(ada, second.id, 'accepted');
    const after = await env.CAMEO.getByName(ada).read();
    if (!before.ok || !after.ok) throw new Error('no cameo');
    expect(after.value.id).toBe(before.value.id);
    expect(after.value.portrait).toEqual({ kind: 'photo', sha256: await sha256(portrait) });
  });

  test('digits that nobody could check are said to be unverified', async () => {
    const ada = newAccount();
    const { id } = await recordedEnrolment(ada);
    await inspect(
      id,
      report({ embedding: newFace(), speech: 'unverified' }, { 'spoken-digits': 'unverified' }),
    );
    const { checks } = await statusIs(ada, id, 'accepted');
    expect(checks.find(({ name }) => name === 'spoken-digits')?.outcome).toBe('unverified');
    expect(await env.CAMEO.getByName(ada).read()).toMatchObject({
      value: { verification: 'recording-speech-unverified' },
    });
  });

  test('survives an eviction at every step, and everything said twice', async () => {
    const ada = newAccount();
    const { id, enrolment } = await recordedEnrolment(ada);
    await evict(enrolment);
    await runDurableObjectAlarm(enrolment);
    const seen = report({ embedding: newFace() });
    await inspect(id, seen);
    await evict(enrolment);
    await runDurableObjectAlarm(enrolment);
    await statusIs(ada, id, 'accepted');
    await enrolment.inspectionFailed('lease_lost');
    await enrolment.inspected({
      checks: [{ name: 'sound', outcome: 'failed', message: 'late' }],
      template: null,
      voice: null,
      portrait: null,
      speech: 'failed',
    });
    await enrolment.withdraw();
    expect((await statusIs(ada, id, 'accepted')).checks).toHaveLength(9);
    expect((await noticesOf(ada)).filter((kind) => kind.startsWith('enrolment'))).toEqual([
      'enrolment-accepted',
    ]);
  });
});

describe('refused', () => {
  test('by its checks: each keeps its message, no likeness and no face is stored', async () => {
    const ada = newAccount();
    const mine = newFace();
    const { id } = await recordedEnrolment(ada);
    await inspect(
      id,
      report({ embedding: mine }, { 'one-face': 'failed', 'lips-and-voice': 'failed' }),
      jpeg(),
    );
    const { checks, error } = await statusIs(ada, id, 'refused');
    expect(error).toEqual({
      code: 'enrolment_refused',
      message: 'What was seen of one-face. 2 checks failed; each says what to do.',
    });
    expect(checks.filter(({ outcome }) => outcome === 'failed').map(({ message }) => message)).toEqual([
      'What was seen of one-face.',
      'What was seen of lips-and-voice.',
    ]);
    await nothingLeft(id);
    expect(await env.CAMEO.getByName(ada).read()).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await faces.erase(ada)).toEqual({ erased: 0 });
    await eventually('the notice', async () =>
      (await noticesOf(ada)).includes('enrolment-refused') ? true : null,
    );
  });

  test('a recording that was used before, by anybody', async () => {
    const [ada, bo] = [newAccount(), newAccount()];
    const bytes = recordingBytes();
    const first = await recordedEnrolment(ada, { bytes });
    for (const thief of [ada, bo]) {
      const replay = await recordedEnrolment(thief, { bytes });
      const { checks, error } = await statusIs(thief, replay.id, 'refused');
      expect(error?.code).toBe('enrolment_refused');
      expect(checks).toMatchObject([{ name: 'recording', outcome: 'failed' }]);
      await nothingLeft(replay.id);
    }
    await inspect(first.id, report({ embedding: newFace() }));
    await statusIs(ada, first.id, 'accepted');
  });

  test('a recording no node could read', async () => {
    const ada = newAccount();
    const { id, enrolment } = await recordedEnrolment(ada);
    await statusIs(ada, id, 'inspecting');
    await eventually('the claim', async () => {
      await enrolment.inspectionFailed('unreadable_media');
      const read = await enrolment.read(ada);
      return read.ok && read.value.status === 'refused' ? true : null;
    });
    expect((await statusIs(ada, id, 'refused')).checks[0]?.name).toBe('recording');
    await nothingLeft(id);
  });

  test('when no node looked for half an hour: it says so and the recording is gone', async () => {
    const ada = newAccount();
    const { id, enrolment } = await recordedEnrolment(ada);
    await eventually('the enqueue', async () =>
      runInDurableObject(queue, (_, { storage }) =>
        storage.sql.exec('SELECT id FROM inspections WHERE id = ?', id).toArray().length === 1 ? true : null,
      ),
    );
    vi.setSystemTime(Date.now() + 30 * 60_000 + 1_000);
    await runDurableObjectAlarm(enrolment);
    expect((await statusIs(ada, id, 'refused')).error?.code).toBe('engine_unavailable');
    await nothingLeft(id);
    await eventually('the inspection to be cancelled', async () =>
      runInDurableObject(queue, (_, { storage }) =>
        storage.sql.exec<{ status: string }>('SELECT status FROM inspections WHERE id = ?', id).one()
          .status === 'cancelled'
          ? true
          : null,
      ),
    );
  });

  test('when the face index stays out of reach: not a word of blame, nothing kept', async () => {
    const ada = newAccount();
    const { id, enrolment } = await recordedEnrolment(ada);
    const broken = vi.spyOn(FaceIndexObject.prototype, 'enrol').mockRejectedValue(new Error('out of reach'));
    await inspect(id, report({ embedding: newFace() }));
    for (let tries = 0; tries < 60; tries += 1) {
      const read = await enrolment.read(ada);
      if (read.ok && read.value.status !== 'inspecting') break;
      vi.setSystemTime(Date.now() + 16 * 60_000);
      await runDurableObjectAlarm(enrolment);
    }
    expect(broken.mock.calls.length).toBeGreaterThan(10);
    expect((await statusIs(ada, id, 'refused')).error).toMatchObject({ code: 'internal' });
    await nothingLeft(id);
  });

  test('when the likeness may not be enrolled: its face is taken back', async () => {
    const ada = newAccount();
    const mine = newFace();
    vi.spyOn(CameoObject.prototype, 'enrol').mockResolvedValue({
      ok: false,
      error: { code: 'account_suspended', message: 'This account is suspended.' },
    });
    const { id } = await recordedEnrolment(ada);
    await inspect(id, report({ embedding: mine }), jpeg());
    expect((await statusIs(ada, id, 'refused')).error?.message).toBe('This account is suspended.');
    await nothingLeft(id);
    await eventually('the template to go', async () =>
      (await runInDurableObject(
        faces,
        (_, { storage }) =>
          storage.sql.exec('SELECT 1 FROM templates WHERE account_id = ?', ada).toArray().length === 0,
      ))
        ? true
        : null,
    );
  });
});

describe('review', () => {
  test("somebody else's face: nobody is named, the face is not stored, and a person decides", async () => {
    const [ada, bo, cy] = [newAccount(), newAccount(), newAccount()];
    const mine = newFace();
    const first = await recordedEnrolment(ada);
    await inspect(first.id, report({ embedding: mine }));
    await statusIs(ada, first.id, 'accepted');
    const waiting = await Promise.all(
      [bo, cy].map(async (accountId) => {
        const { id } = await recordedEnrolment(accountId);
        return { accountId, id };
      }),
    );
    for (const { accountId, id } of waiting) {
      await inspect(id, report({ embedding: mine.map((value) => value + 0.002) }));
      const { checks, error } = await statusIs(accountId, id, 'review');
      expect(error).toBeUndefined();
      expect(checks.at(-1)).toMatchObject({ name: 'not-enrolled-elsewhere', outcome: 'failed' });
      expect(checks.at(-1)?.message).not.toContain(ada);
      expect(await filesOf(id)).toHaveLength(1);
      expect(await env.CAMEO.getByName(accountId).read()).toMatchObject({ ok: false });
    }
    const [one, other] = waiting;
    if (one === undefined || other === undefined) throw new Error('two wait');
    expect(await env.ENROLMENT.getByName(one.id).reviewed('accept')).toMatchObject({ ok: true });
    await statusIs(one.accountId, one.id, 'accepted');
    await nothingLeft(one.id);
    expect(await env.ENROLMENT.getByName(other.id).reviewed('refuse')).toMatchObject({
      ok: true,
      value: { status: 'refused', error: { code: 'enrolment_refused' } },
    });
    await nothingLeft(other.id);
    expect(await env.ENROLMENT.getByName(other.id).reviewed('accept')).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
  });

  test('another face at the same account, and a report with a check left out', async () => {
    const ada = newAccount();
    const first = await recordedEnrolment(ada);
    await inspect(first.id, report({ embedding: newFace() }));
    await statusIs(ada, first.id, 'accepted');
    const second = await recordedEnrolment(ada);
    await inspect(second.id, report({ embedding: newFace() }));
    expect((await statusIs(ada, second.id, 'review')).checks.at(-1)?.message).toContain('this account');

    const bo = newAccount();
    const third = await recordedEnrolment(bo);
    const seen = report({ embedding: newFace() });
    await inspect(third.id, { ...seen, checks: seen.checks.filter(({ name }) => name !== 'live-person') });
    expect((await statusIs(bo, third.id, 'review')).checks).toContainEqual({
      name: 'live-person',
      outcome: 'unverified',
      message: 'This was not checked.',
    });
  });

  test('that nobody gets to in a week ends, and the recording with it', async () => {
    const ada = newAccount();
    const { id, enrolment } = await recordedEnrolment(ada);
    await inspect(id, report({ embedding: newFace() }, { sound: 'unverified' }));
    await statusIs(ada, id, 'review');
    vi.setSystemTime(Date.now() + 7 * 86_400_000 + 1_000);
    await runDurableObjectAlarm(enrolment);
    expect((await statusIs(ada, id, 'refused')).error?.code).toBe('enrolment_refused');
    await nothingLeft(id);
  });
});

describe('challenges', () => {
  async function open() {
    const accountId = newAccount();
    const id = newEnrolmentId();
    const enrolment = env.ENROLMENT.getByName(id);
    const opened = await enrolment.open({ enrolmentId: id, accountId, keepForRendering: true });
    return { accountId, id, enrolment, opened };
  }

  test('opening twice is one challenge; it is nobody else’s', async () => {
    const { accountId, id, enrolment, opened } = await open();
    expect(
      await enrolment.open({ enrolmentId: id, accountId: newAccount(), keepForRendering: false }),
    ).toEqual(opened);
    expect(opened.challenge.digits).toMatch(/^\d{6}$/);
    expect(Date.parse(opened.expiresAt) - Date.now()).toBeLessThanOrEqual(600_000);
    const stranger = newAccount();
    expect(await enrolment.read(stranger)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await enrolment.beginRecording(stranger)).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    expect(await enrolment.beginRecording(accountId)).toMatchObject({ ok: true });
  });

  test('take one recording; an upload that broke off or went silent gives it back', async () => {
    const { accountId, enrolment } = await open();
    const used = { ok: false, error: { code: 'challenge_expired' } };
    expect(await enrolment.beginRecording(accountId)).toMatchObject({ ok: true, value: { attempt: 1 } });
    expect(await enrolment.beginRecording(accountId)).toMatchObject(used);
    await enrolment.abandonRecording(1);
    const second = await enrolment.beginRecording(accountId);
    expect(second).toMatchObject({ ok: true, value: { attempt: 2 } });
    // The first upload comes through after all, or gives up a second time: neither touches the second.
    const late = { size: 1, mediaType: 'video/webm', sha256: 'a'.repeat(64) };
    expect(await enrolment.recorded({ attempt: 1, ...late })).toMatchObject(used);
    await enrolment.abandonRecording(1);
    expect(await enrolment.beginRecording(accountId)).toMatchObject(used);
    vi.setSystemTime(Date.now() + 5 * 60_000 + 1_000);
    await runDurableObjectAlarm(enrolment);
    expect(await enrolment.beginRecording(accountId)).toMatchObject({ ok: true, value: { attempt: 3 } });
  });

  test('lapse after ten minutes and are forgotten after thirty days', async () => {
    const { accountId, enrolment } = await open();
    vi.setSystemTime(Date.now() + 10 * 60_000 + 1);
    expect(await enrolment.read(accountId)).toMatchObject({ ok: true, value: { status: 'expired' } });
    expect(await enrolment.beginRecording(accountId)).toMatchObject({ error: { code: 'challenge_expired' } });
    await runDurableObjectAlarm(enrolment);
    expect(await enrolment.read(accountId)).toMatchObject({
      ok: true,
      value: { status: 'expired', error: { code: 'challenge_expired' } },
    });
    vi.setSystemTime(Date.now() + 30 * 86_400_000 + 1_000);
    await runDurableObjectAlarm(enrolment);
    await runDurableObjectAlarm(enrolment);
    expect(await enrolment.read(accountId)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});

test('erasing a likeness ends the enrolments of the account that are under way, wherever they are', async () => {
  const ada = newAccount();
  const mine = newFace();
  const [queued, reviewed] = [await recordedEnrolment(ada), await recordedEnrolment(ada)];
  for (const { id } of [queued, reviewed]) await faces.admitChallenge(ada, id);
  await inspect(reviewed.id, report({ embedding: mine }, { sound: 'unverified' }));
  await statusIs(ada, reviewed.id, 'review');
  await faces.erase(ada);
  for (const { id } of [queued, reviewed]) {
    expect((await statusIs(ada, id, 'refused')).error?.message).toContain('deleted your likeness');
    await nothingLeft(id);
  }
  expect(await env.CAMEO.getByName(ada).read()).toMatchObject({ ok: false });
});

test('nothing measured of a face or a voice, and no digits, reached a log', () => {
  const everything = logged.join('\n');
  for (let seed = 10; seed <= people; seed += 1) expect(everything).not.toMatch(traces(face(seed)));
  expect(everything).not.toMatch(/181\.5|pitch|embedding|ciphertext|wrappedKey|"digits"/);
});
