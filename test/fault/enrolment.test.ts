/**
 * Enrolment end to end over HTTP, on the real edge, with a node that signs like a real one and sees what the test says: every kind of
 * report, lies, lost nodes, duplicates, broken uploads, erasure. What it leaves behind is looked for in R2 and in the logs.
 */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '#schemas/http/accounts.ts';
import type { Cameo, Enrolment, EnrolmentCheck } from '#schemas/http/cameo.ts';
import type { EnrolmentReport, LeasedInspection } from '#schemas/inspection.ts';
import type { ApiClient } from '../../scripts/demo/client.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import { eventually, expectStatus, nothingIn, storedKeys } from '../support/generation-run.ts';
import {
  createScriptedInspector,
  type ScriptedInspector,
  someFace,
  someReport,
} from '../support/scripted-inspector.ts';
import { storedFile } from '../support/scripted-node.ts';

let edge: Edge;
let inspector: ScriptedInspector;
beforeAll(async () => {
  edge = await startEdge();
  inspector = createScriptedInspector(edge.node);
});
afterAll(() => edge.stop());

let people = 0;
interface Person {
  readonly api: ApiClient;
  readonly token: string;
  readonly handle: string;
  /** Nobody else's, unless a test lends it. */
  readonly face: number;
}

async function person(): Promise<Person> {
  people += 1;
  const handle = `enrols-${people}`;
  const response = await fetch(`${edge.url}/api/v1/local/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ handle }),
  });
  const { token }: Session = await response.json();
  return { api: await edge.signIn(handle), token, handle, face: 100 + people };
}

const bytesOf = (mark: string) =>
  Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, ...new TextEncoder().encode(`a recording ${mark}`)]);

function challenge(by: Person, keepForRendering = true): Promise<Enrolment> {
  return by.api<Enrolment>('POST', '/api/v1/cameo/enrolments', { keepForRendering });
}

function record(by: Person, id: string, bytes = bytesOf(crypto.randomUUID())): Promise<Response> {
  return fetch(`${edge.url}/api/v1/cameo/enrolments/${id}/recording`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${by.token}`, 'content-type': 'video/webm;codecs=vp8,opus' },
    body: bytes,
  });
}

/** Opens and records. */
async function recorded(by: Person, keepForRendering = true): Promise<Enrolment> {
  const opened = await challenge(by, keepForRendering);
  await expectStatus(record(by, opened.id), 202);
  return opened;
}

function leaseOf(enrolment: Enrolment): Promise<LeasedInspection> {
  return eventually(`${enrolment.id} to be leased`, async () => {
    const leased = await inspector.lease(1_000);
    if (leased !== null && leased.inspectionId !== enrolment.id) throw new Error('another recording waits');
    return leased;
  });
}

function ended(by: Person, { id }: Enrolment): Promise<Enrolment> {
  return eventually(`the end of ${id}`, async () => {
    const now = await by.api<Enrolment>('GET', `/api/v1/cameo/enrolments/${id}`);
    return now.status === 'open' || now.status === 'inspecting' ? null : now;
  });
}

/** Records, lets the node see this, and answers how it ended. */
async function enrol(by: Person, report: EnrolmentReport, keep = true): Promise<Enrolment> {
  const enrolment = await recorded(by, keep);
  await expectStatus(inspector.complete(await leaseOf(enrolment), report), 200);
  return ended(by, enrolment);
}

const outcomeOf = ({ checks }: Enrolment, name: EnrolmentCheck['name']) =>
  checks.find((check) => check.name === name)?.outcome;

const failing = (by: Person, ...names: EnrolmentCheck['name'][]) => {
  const report = someReport({ embedding: null });
  return {
    ...report,
    embedding: names.length === 0 ? someFace(by.face) : null,
    checks: report.checks.map((check) =>
      names.includes(check.name) ? { ...check, outcome: 'failed' as const } : check,
    ),
  };
};

describe('what a node saw', () => {
  test('a good take: the node gets challenge and bytes, the likeness is enrolled, the recording is gone', async () => {
    const ada = await person();
    const opened = await challenge(ada);
    const bytes = bytesOf('good');
    await expectStatus(record(ada, opened.id, bytes), 202);
    const leased = await leaseOf(opened);
    expect(leased).toMatchObject({ challenge: opened.challenge, wantPortrait: true });
    expect(JSON.stringify(leased)).not.toMatch(new RegExp(`${ada.handle}|acc_`));
    const media = await expectStatus(inspector.media(leased), 200);
    expect(media.headers.get('content-type')).toBe('video/webm');
    expect(new Uint8Array(await media.arrayBuffer())).toEqual(bytes);
    const portrait = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]);
    await expectStatus(inspector.portrait(leased, portrait), 200);
    await expectStatus(
      inspector.complete(
        leased,
        someReport({ embedding: someFace(ada.face), portrait: storedFile(portrait) }),
      ),
      200,
    );
    const enrolment = await ended(ada, opened);
    expect(enrolment).toMatchObject({ status: 'accepted' });
    expect(enrolment.checks.every(({ outcome }) => outcome === 'passed')).toBe(true);
    const cameo = await ada.api<Cameo>('GET', '/api/v1/cameo');
    expect(cameo).toMatchObject({
      status: 'enrolled',
      verification: 'recording',
      level: 'only-me',
      portrait: { kind: 'photo', sha256: storedFile(portrait).sha256 },
    });
    await nothingIn(edge, `enrolments/${opened.id}/`);
    expect(await storedKeys(edge, `likeness/${cameo.id}/`)).toEqual([`likeness/${cameo.id}/portrait.jpg`]);
    await eventually('the notice', async () => {
      const { items } = await ada.api<{ items: { kind: string }[] }>('GET', '/api/v1/inbox');
      return items.some(({ kind }) => kind === 'enrolment-accepted') ? true : null;
    });
  });

  const checks: EnrolmentCheck['name'][] = [
    'recording',
    'sound',
    'one-face',
    'head-turns',
    'live-person',
    'same-person',
    'lips-and-voice',
    'spoken-digits',
  ];
  test.each(checks)('%s failed: refused, with its message, and nothing is kept', async (name) => {
    const bo = await person();
    const enrolment = await enrol(bo, failing(bo, name));
    expect(enrolment).toMatchObject({
      status: 'refused',
      error: { code: 'enrolment_refused', message: `What was seen of ${name}.` },
    });
    expect(outcomeOf(enrolment, name)).toBe('failed');
    expect(enrolment.checks).toHaveLength(8);
    await nothingIn(edge, `enrolments/${enrolment.id}/`);
    await expect(bo.api('GET', '/api/v1/cameo')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('digits nobody could check: allowed here, and said so', async () => {
    const cy = await person();
    const report = someReport({ embedding: someFace(cy.face), speech: 'unverified' });
    expect(outcomeOf(await enrol(cy, report), 'spoken-digits')).toBe('unverified');
    expect(await cy.api<Cameo>('GET', '/api/v1/cameo')).toMatchObject({
      verification: 'recording-speech-unverified',
    });
  });

  test('somebody else’s face: a person has to look, and nobody is named', async () => {
    const [ada, bo] = [await person(), await person()];
    await enrol(ada, someReport({ embedding: someFace(ada.face) }));
    const enrolment = await enrol(bo, someReport({ embedding: someFace(ada.face) }));
    expect(enrolment.status).toBe('review');
    expect(outcomeOf(enrolment, 'not-enrolled-elsewhere')).toBe('failed');
    expect(JSON.stringify(enrolment)).not.toMatch(new RegExp(`${ada.handle}|acc_`));
    await expect(bo.api('GET', '/api/v1/cameo')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('nothing it could read', async () => {
    const ada = await person();
    const enrolment = await recorded(ada);
    await expectStatus(inspector.fail(await leaseOf(enrolment), 'unreadable_media', false), 200);
    const end = await ended(ada, enrolment);
    expect(end).toMatchObject({ status: 'refused', error: { code: 'enrolment_refused' } });
    expect(outcomeOf(end, 'recording')).toBe('failed');
    await nothingIn(edge, `enrolments/${enrolment.id}/`);
  });

  test('a failure of its own: another lease sees it through, and the first token is worth nothing', async () => {
    const ada = await person();
    const enrolment = await recorded(ada);
    const first = await leaseOf(enrolment);
    await expectStatus(inspector.fail(first, 'inspection_failed', true), 200);
    const second = await leaseOf(enrolment);
    expect(second.fence).toBe(first.fence + 1);
    const report = someReport({ embedding: someFace(ada.face) });
    await expectStatus(inspector.media(first), 409);
    await expectStatus(inspector.portrait(first, Uint8Array.from([0xff, 0xd8, 0xff, 1])), 409);
    await expectStatus(inspector.complete(first, failing(ada, 'sound')), 409);
    await expectStatus(inspector.complete(second, report), 200);
    expect((await ended(ada, enrolment)).status).toBe('accepted');
  });
});

describe('a node that lies or repeats itself', () => {
  test('reporting twice, once otherwise: the first word counts', async () => {
    const ada = await person();
    const enrolment = await recorded(ada);
    const leased = await leaseOf(enrolment);
    const answers = await Promise.all([
      inspector.complete(leased, someReport({ embedding: someFace(ada.face) })),
      inspector.complete(leased, someReport({ embedding: someFace(ada.face) })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await expectStatus(inspector.complete(leased, failing(ada, 'sound')), 200);
    expect((await ended(ada, enrolment)).status).toBe('accepted');
    const { items } = await ada.api<{ items: { kind: string }[] }>('GET', '/api/v1/inbox');
    expect(items.filter(({ kind }) => kind.startsWith('enrolment')).length).toBeLessThanOrEqual(1);
  });

  test('a check left out is not taken for passed; one repeated counts as its worst', async () => {
    const [ada, bo] = [await person(), await person()];
    const report = someReport({ embedding: someFace(ada.face) });
    const missing = await enrol(ada, {
      ...report,
      checks: report.checks.filter(({ name }) => name !== 'live-person'),
    });
    expect(missing.status).toBe('review');
    const twice = await enrol(bo, {
      ...report,
      checks: [...report.checks, { name: 'live-person', outcome: 'failed', message: 'A flat picture.' }],
    });
    expect(twice).toMatchObject({ status: 'refused', error: { message: 'A flat picture.' } });
  });

  test('a portrait that is none, too large, not wanted or not there', async () => {
    const ada = await person();
    const enrolment = await recorded(ada);
    const leased = await leaseOf(enrolment);
    await expectStatus(inspector.portrait(leased, new TextEncoder().encode('<svg onload=alert(1)>')), 422);
    await expectStatus(inspector.portrait(leased, new Uint8Array(1024 * 1024 + 1)), 413);
    const named = storedFile(Uint8Array.from([0xff, 0xd8, 0xff, 9]));
    const report = someReport({ embedding: someFace(ada.face) });
    await expectStatus(inspector.complete(leased, { ...report, portrait: named }), 422);
    await expectStatus(inspector.complete(leased, report), 200);
    await ended(ada, enrolment);
    const shy = await recorded(ada, false);
    const again = await leaseOf(shy);
    expect(again).toMatchObject({ wantPortrait: false });
    await expectStatus(inspector.portrait(again, Uint8Array.from([0xff, 0xd8, 0xff, 1])), 409);
    await expectStatus(inspector.complete(again, report), 200);
    expect((await ended(ada, shy)).status).toBe('accepted');
    expect(await ada.api<Cameo>('GET', '/api/v1/cameo')).toMatchObject({ portrait: null, voice: null });
  });

  test('without a signature, or of another shape: nothing is told or taken', async () => {
    const ada = await person();
    const enrolment = await recorded(ada);
    const leased = await leaseOf(enrolment);
    const address = `${edge.url}/render/v1/inspections/${enrolment.id}`;
    for (const [method, path] of [
      ['GET', 'media?fence=1'],
      ['PUT', 'portrait?fence=1'],
      ['POST', 'complete'],
    ] as const) {
      const response = await fetch(`${address}/${path}`, method === 'GET' ? {} : { method, body: '{}' });
      expect(response.status).toBe(401);
    }
    const shapes = [
      { ...someReport(), embedding: [1, 2, 3] },
      { ...someReport(), speech: 'perhaps' },
      { ...someReport(), checks: [] },
      { ...someReport(), embedding: Array(1024).fill('1') },
    ];
    for (const report of shapes) {
      const answer = await edge.node.request('POST', `/render/v1/inspections/${enrolment.id}/complete`, {
        fence: leased.fence,
        report,
      });
      await expectStatus(Promise.resolve(answer), 400);
    }
    await expectStatus(inspector.complete(leased, someReport({ embedding: someFace(ada.face) })), 200);
    await ended(ada, enrolment);
  });
});

describe('a sender that breaks off', () => {
  test('in the middle: the challenge is given back and nothing of the upload stays', async () => {
    const ada = await person();
    const { id } = await challenge(ada);
    const url = new URL(`${edge.url}/api/v1/cameo/enrolments/${id}/recording`);
    await new Promise<void>((resolve) => {
      const request = httpRequest(url, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${ada.token}`,
          'content-type': 'video/webm',
          'content-length': 1_000_000,
        },
      });
      request.on('error', () => resolve());
      request.on('close', () => resolve());
      request.write(Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(100_000)]));
      setTimeout(() => request.destroy(), 300);
    });
    await eventually('the challenge to be good again', async () => {
      const again = await record(ada, id);
      return again.status === 202 ? true : null;
    });
    expect(await storedKeys(edge, `enrolments/${id}/`)).toHaveLength(1);
    const leased = await leaseOf(await ada.api<Enrolment>('GET', `/api/v1/cameo/enrolments/${id}`));
    await expectStatus(inspector.complete(leased, someReport({ embedding: someFace(ada.face) })), 200);
  });

  test('a recording that was sent before is refused, from whomever it comes', async () => {
    const [ada, bo] = [await person(), await person()];
    const bytes = bytesOf('once only');
    const first = await challenge(ada);
    await expectStatus(record(ada, first.id, bytes), 202);
    const replay = await challenge(bo);
    await expectStatus(record(bo, replay.id, bytes), 202);
    const end = await ended(bo, replay);
    expect(end).toMatchObject({ status: 'refused', error: { code: 'enrolment_refused' } });
    expect(outcomeOf(end, 'recording')).toBe('failed');
    await nothingIn(edge, `enrolments/${replay.id}/`);
    await expectStatus(
      inspector.complete(await leaseOf(first), someReport({ embedding: someFace(ada.face) })),
      200,
    );
    expect((await ended(ada, first)).status).toBe('accepted');
  });
});

describe('erasure', () => {
  test('of a likeness ends what is under way, lets the face be enrolled anew, and leaves no file', async () => {
    const [ada, bo] = [await person(), await person()];
    const portrait = Uint8Array.from([0xff, 0xd8, 0xff, 7, 7]);
    const first = await recorded(ada);
    const leased = await leaseOf(first);
    await expectStatus(inspector.portrait(leased, portrait), 200);
    const report = someReport({ embedding: someFace(ada.face), portrait: storedFile(portrait) });
    await expectStatus(inspector.complete(leased, report), 200);
    expect((await ended(ada, first)).status).toBe('accepted');
    const cameo = await ada.api<Cameo>('GET', '/api/v1/cameo');
    const waiting = await recorded(ada);
    await ada.api('DELETE', '/api/v1/cameo');
    expect(await ended(ada, waiting)).toMatchObject({ status: 'refused' });
    await nothingIn(edge, `enrolments/${waiting.id}/`);
    await nothingIn(edge, `likeness/${cameo.id}/`);
    // Nobody compares with what is gone.
    await eventually('the cancelled recording to leave the queue', async () =>
      (await inspector.lease()) === null ? true : null,
    );
    expect((await enrol(bo, someReport({ embedding: someFace(ada.face) }))).status).toBe('accepted');
  });
});

test('no log holds anything measured of a person, nor what they were to say', () => {
  const lines = JSON.stringify(edge.server.getLogs());
  expect(lines).toContain('inspections');
  for (let seed = 100; seed <= 100 + people; seed += 1) {
    // Whole numbers are everywhere; long ones are not.
    const telling = someFace(seed)
      .map((value) => String(value).slice(0, 10))
      .filter((text) => text.length === 10);
    expect(telling.length).toBeGreaterThan(900);
    for (const text of telling.slice(0, 40)) expect(lines).not.toContain(text);
  }
  expect(lines).not.toMatch(/181\.5|0\.4375|embedding|ciphertext|wrappedKey|"digits"/);
});
