/**
 * The promise itself, from outside: viewers in nine regions ask for media, pages and the feed without pause while consent is withdrawn,
 * given back and withdrawn again, and clips are deleted; nothing that is asked after a revocation was answered is served.
 * KINORA_REVOCATIONS sets how many revocations (default: a few hundred).
 */
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsentKey, cameoKey, type Region, regions } from '#schemas/consent.ts';
import type { ReceiptBody } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import { eventually, pause } from '../support/generation-run.ts';
import { bindingsOf, createOwner, makeClip, type ObjectBindings, type Owner } from '../support/made-clips.ts';

const revocations = Number(process.env.KINORA_REVOCATIONS ?? 240);
/** Of these many revocations of one clip the last is its deletion; the others are lifted again. */
const perClip = 10;
/** Alive at the same time; a page of the feed holds them all. */
const batchSize = 20;
const revokers = 5;

let edge: Edge;
let bindings: ObjectBindings;
let owners: Owner[];

beforeAll(async () => {
  // Short leases, so that gates renew many times while they are asked.
  edge = await startEdge({ CONSENT_LEASE_MS: '3000', CONSENT_MARGIN_MS: '150' });
  bindings = await bindingsOf(edge);
  owners = await Promise.all(Array.from({ length: 20 }, (_, i) => createOwner(edge, `owner-${i}`)));
});
afterAll(() => edge.stop());

let requests = 0;
/** Somebody in this region; every few hundred requests somebody else, because addresses have a rate. */
function look(region: Region, path: string) {
  requests += 1;
  const address = `10.${regions.indexOf(region)}.${Math.floor(requests / 50_000)}.${Math.floor(requests / 200) % 250}`;
  return edge.kinora.fetch(path, {
    headers: { 'x-kinora-region': region, 'cf-connecting-ip': address, range: 'bytes=0-99' },
  });
}

const pick = <T>(items: readonly T[]): T => {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

interface Stop {
  /** On the clock of this process; null while the revocation is not answered. */
  acknowledgedAt: number | null;
}

/** What happened. */
class Book {
  /** Clips that somebody has begun to stop, and the latest stop of each; taken out again before a lift is asked for. */
  readonly stops = new Map<string, Stop>();
  readonly touched = new Set<string>();
  readonly violations: string[] = [];
  readonly odd = new Map<number, number>();
  served = 0;
  refused = 0;
  unavailable = 0;
  /** Requests that began after their clip was stopped. */
  late = 0;
  listings = 0;
  revocations = 0;
  acknowledgements = 0;
  expiries = 0;
  mostRegions = 0;
  longestWaitMs = 0;

  receipt({ regions: rows, waitedMs }: Pick<ReceiptBody, 'regions' | 'waitedMs'>): void {
    this.revocations += 1;
    this.mostRegions = Math.max(this.mostRegions, rows.length);
    this.longestWaitMs = Math.max(this.longestWaitMs, waitedMs);
    // On a machine that stands still for a while a lease may run out first: that is an answer too.
    for (const { outcome } of rows) {
      if (outcome === 'acknowledged') this.acknowledgements += 1;
      else this.expiries += 1;
    }
  }

  /** The stop that a request beginning now has to respect. */
  stopOf(clipId: string): Stop | null {
    const stop = this.stops.get(clipId);
    return stop !== undefined && stop.acknowledgedAt !== null ? stop : null;
  }

  judge(where: string, clipId: string, status: number, stop: Stop | null): void {
    const stands = stop !== null && this.stops.get(clipId) === stop;
    if (stands) this.late += 1;
    if (status === 200 || status === 206) {
      this.served += 1;
      if (stands) this.violations.push(`${where} served ${clipId}`);
    } else if (status === 410) {
      this.refused += 1;
      if (!this.touched.has(clipId)) this.violations.push(`${where} denied ${clipId} for nothing`);
    } else if (status === 503) this.unavailable += 1;
    else this.odd.set(status, (this.odd.get(status) ?? 0) + 1);
  }
}

async function lookAtClip(book: Book, region: Region, clipId: string, path: string): Promise<number> {
  const stop = book.stopOf(clipId);
  const response = await look(region, path);
  await response.arrayBuffer();
  book.judge(`${region} ${path}`, clipId, response.status, stop);
  return response.status;
}
const lookAtMedia = (book: Book, region: Region, clipId: string) =>
  lookAtClip(book, region, clipId, `/media/${clipId}/video.mp4`);

async function lookAtFeed(book: Book, region: Region): Promise<void> {
  const stopped = new Map([...book.stops].filter(([, stop]) => stop.acknowledgedAt !== null));
  const response = await look(region, '/api/v1/feed?mode=recent&limit=50');
  if (response.status === 503) book.unavailable += 1;
  else if (response.status !== 200) book.odd.set(response.status, (book.odd.get(response.status) ?? 0) + 1);
  if (response.status !== 200) return void (await response.arrayBuffer());
  const { items } = (await response.json()) as { items: { id: string }[] };
  for (const { id } of items) {
    book.listings += 1;
    const stop = stopped.get(id);
    if (stop !== undefined && book.stops.get(id) === stop) book.violations.push(`${region} listed ${id}`);
  }
}

async function watch(
  book: Book,
  region: Region,
  clips: readonly string[],
  goOn: () => boolean,
): Promise<void> {
  while (goOn()) {
    const clipId = pick(clips);
    const dice = Math.random();
    if (dice < 0.1) await lookAtFeed(book, region);
    else if (dice < 0.25) await lookAtClip(book, region, clipId, `/api/v1/clips/${clipId}`);
    else await lookAtMedia(book, region, clipId);
  }
}

interface Subject {
  readonly id: Id<'clip'>;
  readonly owner: Owner;
  /** Carried by this clip only, as when one person was cast in it. */
  readonly grant: ConsentKey;
}

/** Stops a clip in a way that says when, then looks from every region. */
async function stop(
  book: Book,
  id: string,
  revoke: () => Promise<Pick<ReceiptBody, 'regions' | 'waitedMs'>>,
) {
  const stopping: Stop = { acknowledgedAt: null };
  book.touched.add(id);
  book.stops.set(id, stopping);
  book.receipt(await revoke());
  stopping.acknowledgedAt = performance.now();
  await Promise.all(regions.map((region) => lookAtMedia(book, region, id)));
}

async function wear(book: Book, { id, owner, grant }: Subject, times: number): Promise<void> {
  const log = bindings.CONSENT_LOG.getByName('log-0');
  for (let round = 1; round < times; round += 1) {
    let revocationId: Id<'rev'> | null = null;
    await stop(book, id, async () => {
      const receipt = await log.revoke({
        key: grant,
        denies: ['serve', 'list'],
        idempotencyKey: `${grant}-${round}`,
      });
      revocationId = receipt.id;
      return { regions: [...receipt.regions], waitedMs: receipt.waitedMs };
    });
    if (revocationId === null) throw new Error('no receipt');
    book.stops.delete(id);
    const lifted = await log.lift(revocationId, `${grant}-${round}-back`);
    if (!lifted.ok) throw new Error(lifted.error.code);
    const region = pick(regions);
    await eventually('the clip to be back', async () =>
      (await lookAtMedia(book, region, id)) === 206 ? true : null,
    );
  }
  await stop(book, id, () => owner.api<ReceiptBody>('DELETE', `/api/v1/clips/${id}`));
}

async function makeSubjects(count: number): Promise<Subject[]> {
  return Promise.all(
    Array.from({ length: count }, async (): Promise<Subject> => {
      const owner = pick(owners);
      const grant: ConsentKey = `grant:grant_${ulid().toLowerCase()}`;
      return { id: await makeClip(bindings, owner, { castKeys: [grant] }), owner, grant };
    }),
  );
}

test(
  'viewers in nine regions see nothing of a clip once its deletion was answered',
  async () => {
    const book = new Book();
    for (let done = 0; done < revocations; done += batchSize * perClip) {
      const size = Math.min(batchSize, Math.ceil((revocations - done) / perClip));
      const subjects = await makeSubjects(size);
      const ids: string[] = subjects.map(({ id }) => id);
      await eventually('the feed to list the new clips', async () => {
        const response = await look('weur', '/api/v1/feed?mode=recent&limit=50');
        const { items } = (await response.json()) as { items: { id: string }[] };
        const listed = new Set(items.map(({ id }) => id));
        return ids.every((id) => listed.has(id)) ? true : null;
      });
      let going = true;
      const watching = regions.map((region) => watch(book, region, ids, () => going));
      await pause(50);
      const waiting = [...subjects];
      const revoker = async () => {
        for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await wear(book, one, perClip);
      };
      await Promise.all(Array.from({ length: revokers }, revoker));
      going = false;
      await Promise.all(watching);
    }
    const { served, refused, unavailable, late, listings, acknowledgements, expiries, longestWaitMs } = book;
    console.log(
      `${book.revocations} revocations, ${requests} requests: ${served} served, ${refused} refused, ${unavailable} unavailable, ` +
        `${late} begun after a revocation was answered, ${listings} listings; ${acknowledgements} acknowledgements of gates, ` +
        `${expiries} expired leases, longest wait ${longestWaitMs} ms; ` +
        `${book.violations.length} violations`,
    );
    expect(book.violations).toEqual([]);
    expect([...book.odd]).toEqual([]);
    expect(book.revocations).toBeGreaterThanOrEqual(revocations);
    expect(late).toBeGreaterThanOrEqual(revocations * regions.length);
    expect(served).toBeGreaterThan(revocations);
    expect(listings).toBeGreaterThan(revocations / perClip);
    // Gates in every region were waited for.
    expect(book.mostRegions).toBe(regions.length);
    expect(acknowledgements).toBeGreaterThan(expiries);
  },
  Math.max(180_000, revocations * 600),
);

test('one revocation of a likeness stops every clip it is in, everywhere', async () => {
  const key = cameoKey('cam_01jd0000000000000000000000', 3);
  const owner = pick(owners);
  const castIn = await Promise.all(
    Array.from({ length: 120 }, () => makeClip(bindings, owner, { castKeys: [key] })),
  );
  const without = await makeClip(bindings, owner);
  const statuses = async (region: Region, ids: readonly string[]) =>
    new Set(
      await Promise.all(
        ids.map(async (id) => {
          const response = await look(region, `/media/${id}/video.mp4`);
          await response.arrayBuffer();
          return response.status;
        }),
      ),
    );
  for (const region of regions) expect(await statuses(region, castIn.slice(0, 10))).toEqual(new Set([206]));
  const log = bindings.CONSENT_LOG.getByName('log-0');
  const receipt = await log.revoke({ key, denies: ['serve', 'list'], idempotencyKey: 'everything' });
  expect(receipt.regions.length).toBe(regions.length);
  for (const region of regions) expect(await statuses(region, castIn)).toEqual(new Set([410]));
  for (const region of regions) expect(await statuses(region, [without])).toEqual(new Set([206]));
});
