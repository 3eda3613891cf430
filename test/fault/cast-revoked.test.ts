/**
 * Somebody withdraws at every point where the making of a clip with them in it can be suspended: it is never published or served, the
 * maker pays only for a clip that was delivered, and the co-owner is written wherever the clip is.
 */
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cameoKey } from '#schemas/consent.ts';
import type { Clip } from '#schemas/http/clips.ts';
import type { Generation } from '#schemas/http/generations.ts';
import type { LeasedJob } from '#schemas/render.ts';
import {
  type CastBindings,
  type CastPerson,
  castBindings,
  castPerson,
  revokeEverything,
} from '../support/cast-people.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import {
  ask,
  ending,
  eventually,
  expectStatus,
  leaseNext,
  nothingIn,
  storedKeys,
  uploadAll,
  usedCredits,
} from '../support/generation-run.ts';
import { makeRendered, type Rendered } from '../support/rendered.ts';

let edge: Edge;
let bindings: CastBindings;
let rendered: Rendered;
let people = 0;

beforeAll(async () => {
  [edge, rendered] = await Promise.all([
    startEdge({ RENDER_LEASE_MS: '20000', CONSENT_LEASE_MS: '2000', CONSENT_MARGIN_MS: '100' }),
    makeRendered(),
  ]);
  bindings = await castBindings(edge);
  await edge.node.lease();
});
afterAll(() => edge.stop());

interface Run {
  readonly alice: CastPerson;
  readonly bo: CastPerson;
  readonly generation: Generation;
  /** What earlier tests have left. */
  readonly media: readonly string[];
}

async function begin(): Promise<Run> {
  people += 1;
  const [alice, bo] = await Promise.all([
    castPerson(edge, bindings, `maker-${people}`),
    castPerson(edge, bindings, `person-${people}`),
  ]);
  const media = await storedKeys(edge, 'media/');
  return { alice, bo, media, generation: await ask(alice.api, { cameos: [bo.handle] }) };
}

const read = ({ alice, generation }: Run) =>
  alice.api<Generation>('GET', `/api/v1/generations/${generation.id}`);

const reach = (run: Run, what: string, there: (generation: Generation) => boolean) =>
  eventually(what, async () => (there(await read(run)) ? true : null));

/** Wherever it ended without a clip: nothing is kept, nothing is paid, and the person knows that it ended. */
async function expectNothingMade(run: Run, statuses: readonly string[]): Promise<void> {
  const end = await ending(run.alice.api, run.generation.id);
  expect(end.error?.code).toBe('consent_denied');
  expect(statuses).toContain(end.status);
  expect(end.clipId).toBeUndefined();
  expect(await usedCredits(run.alice.api)).toBe(0);
  await nothingIn(edge, `quarantine/${end.id}/`);
  await eventually('the rendition to go', async () => {
    const kept = await storedKeys(edge, 'media/');
    return kept.every((key) => run.media.includes(key)) ? true : null;
  });
  const row = await bindings.DB.prepare('select count(*) as n from clips where owner_id = ?')
    .bind(run.alice.id)
    .first<{ n: number }>();
  expect(row?.n).toBe(0);
  await eventually('the appearance to end', async () => {
    const [appearance] = await run.bo.cameo.appearances({ before: null, limit: 10 });
    return appearance?.status === end.status ? true : null;
  });
}

/** A clip was delivered before the revocation: it is paid for, it is nobody's to see, and both know whose it is. */
async function expectStopped(run: Run): Promise<void> {
  const { alice, bo } = run;
  const end = await ending(alice.api, run.generation.id);
  if (end.clipId === undefined) throw new Error(`no clip: ${end.status}`);
  expect(await usedCredits(alice.api)).toBe(run.generation.credits);
  await expect(alice.api('POST', `/api/v1/clips/${end.clipId}/publish`, {})).rejects.toMatchObject({
    code: 'consent_denied',
  });
  const clip = await bindings.CLIP.getByName(end.clipId).read();
  if (!clip.ok) throw new Error(clip.error.code);
  expect(clip.value).toMatchObject({ status: 'draft', ownerId: alice.id, coOwnerIds: [bo.id] });
  const { clipId } = end;
  await eventually('the row', async () => {
    const row = await bindings.DB.prepare('select co_owner_ids, status from clips where id = ?')
      .bind(clipId)
      .first<{ co_owner_ids: string; status: string }>();
    return row?.status === 'draft' && JSON.parse(row.co_owner_ids)[0] === bo.id ? true : null;
  });
  for (const api of [alice.api, bo.api])
    await expect(api<Clip>('GET', `/api/v1/clips/${end.clipId}`)).rejects.toMatchObject({
      code: 'clip_deleted',
    });
}

async function deliver(job: LeasedJob): Promise<void> {
  await uploadAll(edge, job, rendered);
  await expectStatus(edge.node.complete(job, rendered.output), 200);
}

/** Holds the workflow in front of a step for some seconds: it fails that often before it runs. */
async function heldBefore(name: string) {
  const instances = await edge.kinora.introspectWorkflow('GENERATE_CLIP');
  await instances.modifyAll((modify) => modify.mockStepError({ name }, new Error('held by the test'), 3));
  return instances;
}

describe('before there is a clip', () => {
  test('before the job is queued', async () => {
    await using _ = await heldBefore('queue the job');
    const run = await begin();
    await revokeEverything(run.bo);
    await expectNothingMade(run, ['cancelled']);
    expect(await edge.node.lease(500)).toBeNull();
  });

  test('while it waits in the queue', async () => {
    const run = await begin();
    await reach(run, 'a place in the queue', ({ queuePosition }) => queuePosition !== null);
    await revokeEverything(run.bo);
    await expectNothingMade(run, ['cancelled']);
    expect(await edge.node.lease(500)).toBeNull();
  });

  test('when a node has just leased it', async () => {
    const run = await begin();
    const job = await leaseNext(edge);
    expect(job.spec.cast.map(({ handle }) => handle)).toEqual([run.bo.handle]);
    await revokeEverything(run.bo);
    await expectNothingMade(run, ['cancelled', 'quarantined']);
    const told = await expectStatus(edge.node.heartbeat(job, 0.1), 200);
    expect(await told.json()).toMatchObject({ directive: 'cancel' });
  });

  test('while it is drawn', async () => {
    const run = await begin();
    const job = await leaseNext(edge);
    await expectStatus(edge.node.heartbeat(job, 0.5), 200);
    await reach(run, 'the drawing', ({ status }) => status === 'running');
    await revokeEverything(run.bo);
    await expectNothingMade(run, ['quarantined']);
    await expectStatus(edge.node.upload(job, 'poster.jpg', new Uint8Array([0xff, 0xd8, 0xff])), 409);
    await nothingIn(edge, `quarantine/${run.generation.id}/`);
  });

  test('when it is uploaded and not yet reported', async () => {
    const run = await begin();
    const job = await leaseNext(edge);
    await uploadAll(edge, job, rendered);
    await reach(run, 'the drawing', ({ status }) => status === 'running');
    await revokeEverything(run.bo);
    await expectNothingMade(run, ['quarantined']);
    await expectStatus(edge.node.complete(job, rendered.output), 409);
  });

  test.each(['check the output', 'sign and store', 'commit'])('in front of the step "%s"', async (step) => {
    await using _ = await heldBefore(step);
    const run = await begin();
    await deliver(await leaseNext(edge));
    if (step === 'sign and store') await reach(run, 'the checks', ({ stage }) => stage === 'checking');
    if (step === 'commit') await reach(run, 'the signature', ({ stage }) => stage === 'signing');
    await revokeEverything(run.bo);
    await expectNothingMade(run, ['quarantined']);
  });
});

describe('once there is a clip', () => {
  test('after the commit point, before the draft', async () => {
    await using _ = await heldBefore('make the draft');
    const run = await begin();
    await deliver(await leaseNext(edge));
    await reach(run, 'the commit', ({ stage }) => stage === 'delivering');
    await revokeEverything(run.bo);
    await expectStopped(run);
  });

  test('after the draft, before it is ready', async () => {
    await using _ = await heldBefore('ready');
    const run = await begin();
    await deliver(await leaseNext(edge));
    await reach(run, 'the commit', ({ stage }) => stage === 'delivering');
    await revokeEverything(run.bo, 'keep');
    const end = await ending(run.alice.api, run.generation.id);
    expect(await usedCredits(run.alice.api)).toBe(run.generation.credits);
    // What exists may stay with its maker; it is not shown to anybody new.
    await expect(run.alice.api('POST', `/api/v1/clips/${end.clipId}/publish`, {})).rejects.toMatchObject({
      code: 'consent_denied',
    });
    await run.alice.api<Clip>('GET', `/api/v1/clips/${end.clipId}`);
    await run.alice.api('DELETE', `/api/v1/clips/${end.clipId}`);
  });

  test('as a draft', async () => {
    const run = await begin();
    await deliver(await leaseNext(edge));
    await ending(run.alice.api, run.generation.id);
    await revokeEverything(run.bo);
    await expectStopped(run);
  });

  test('at the moment it is published: either way it is served to nobody afterwards', async () => {
    const run = await begin();
    await deliver(await leaseNext(edge));
    const { clipId } = await ending(run.alice.api, run.generation.id);
    const publishing = run.alice.api('POST', `/api/v1/clips/${clipId}/publish`, {}).catch(() => null);
    await revokeEverything(run.bo);
    await publishing;
    const { status } = await fetch(`${edge.url}/media/${clipId}/video.mp4`);
    // Still a draft, or stopped.
    expect([404, 410]).toContain(status);
    await expect(run.alice.api('GET', `/api/v1/clips/${clipId}`)).rejects.toMatchObject({
      code: 'clip_deleted',
    });
    const feed = await run.alice.api<{ items: Clip[] }>('GET', '/api/v1/feed?mode=recent&limit=50');
    expect(feed.items.map(({ id }) => id)).not.toContain(clipId);
  });
});

/** The word of the likeness is lost: the consent log alone knows. */
describe('when nobody tells the job', () => {
  const revokeInLog = async ({ bo }: Run) => {
    const cameo = await bo.cameo.read();
    if (!cameo.ok) throw new Error(cameo.error.code);
    const key = cameoKey(cameo.value.id, cameo.value.epoch);
    await bindings.CONSENT_LOG.getByName('log-0').revoke({
      key,
      denies: ['serve', 'list', 'remix', 'download', 'cast'],
      idempotencyKey: crypto.randomUUID(),
    });
  };

  test('it is not queued', async () => {
    await using _ = await heldBefore('queue the job');
    const run = await begin();
    await revokeInLog(run);
    await expectNothingMade(run, ['cancelled']);
    expect(await edge.node.lease(500)).toBeNull();
  });

  test('it is not committed', async () => {
    const run = await begin();
    const job = await leaseNext(edge);
    await revokeInLog(run);
    await deliver(job);
    await expectNothingMade(run, ['quarantined']);
  });

  test('it is not published', async () => {
    const run = await begin();
    await deliver(await leaseNext(edge));
    await ending(run.alice.api, run.generation.id);
    await revokeInLog(run);
    await expectStopped(run);
  });
});

describe('the photograph of somebody cast', () => {
  const photograph = ({ jobId, fence }: LeasedJob, cameoId: string) =>
    edge.node.request(
      'GET',
      `/render/v1/jobs/${jobId}/portraits/${cameoId}?fence=${fence}`,
      new Uint8Array(),
    );

  test('is shown to the node that holds the lease, and to nobody once they have withdrawn', async () => {
    people += 1;
    const [alice, bo, cai] = await Promise.all(
      ['maker', 'photographed', 'drawn'].map((name) => castPerson(edge, bindings, `${name}-${people}`)),
    );
    if (alice === undefined || bo === undefined || cai === undefined) throw new Error('nobody');
    const portrait = { kind: 'photo', sha256: 'a'.repeat(64) } as const;
    const enrolment = {
      enrolmentId: `enr_${ulid().toLowerCase()}` as const,
      verification: 'recording',
    } as const;
    const photographed = await bo.cameo.enrol({ accountId: bo.id, ...enrolment, portrait, voice: null });
    const drawn = await cai.cameo.read();
    if (!photographed.ok || !drawn.ok) throw new Error('not enrolled');
    const { MEDIA } = await edge.kinora.getEnv();
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
    await MEDIA.put(`likeness/${photographed.value.id}/portrait.jpg`, jpeg);

    const generation = await ask(alice.api, { cameos: [bo.handle, cai.handle] });
    const job = await leaseNext(edge);
    expect(job.jobId).toBe(generation.id);
    expect(job.spec.cast[0]).toMatchObject({ cameoId: photographed.value.id, portrait });
    const shown = await expectStatus(photograph(job, photographed.value.id), 200);
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(jpeg);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    await expectStatus(photograph({ ...job, fence: job.fence + 1 }, photographed.value.id), 409);
    await expectStatus(photograph(job, drawn.value.id), 404);
    await expectStatus(photograph(job, `cam_${ulid().toLowerCase()}`), 404);
    await expectStatus(
      fetch(`${edge.url}/render/v1/jobs/${job.jobId}/portraits/${photographed.value.id}`),
      401,
    );

    await revokeEverything(bo);
    const { status } = await photograph(job, photographed.value.id);
    expect([403, 409]).toContain(status);
    await ending(alice.api, generation.id);
  });
});
