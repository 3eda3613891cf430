/** Feed and media requests through the whole edge, as ratios to a bare Hono route answering as many bytes in the same process and run. */
import type { Clip } from '#schemas/http/clips.ts';
import { type Edge, startEdge } from '../support/edge.ts';
import { ask, ending, eventually, expectStatus, leaseNext, uploadAll } from '../support/generation-run.ts';
import { makeRendered } from '../support/rendered.ts';
import { timeInTurns } from './measure.ts';

const clipCount = 40;
const rounds = 400;
const rangeBytes = 65_536;

export interface RequestBench {
  readonly clips: number;
  readonly rows: readonly {
    readonly what: string;
    readonly p50: number;
    readonly p95: number;
    readonly ratio: number;
  }[];
}

/** Publishes real clips by several people, through the render protocol. */
async function publishClips(edge: Edge): Promise<Clip[]> {
  const rendered = await makeRendered();
  await edge.node.lease();
  const clips: Clip[] = [];
  for (let index = 0; index < clipCount; index += 1) {
    const api = await edge.signIn(`bench-${index % 8}`, { tier: 'pro' });
    const generation = await ask(api);
    const job = await leaseNext(edge);
    await uploadAll(edge, job, rendered);
    await expectStatus(edge.node.complete(job, rendered.output), 200);
    const { clipId } = await ending(api, generation.id);
    clips.push(await api<Clip>('POST', `/api/v1/clips/${clipId}/publish`, { caption: `Clip ${index}` }));
  }
  await eventually('the feed to list every clip', async () => {
    const response = await fetch(`${edge.url}/api/v1/feed?mode=recent&limit=50`);
    const { items } = (await response.json()) as { items: Clip[] };
    return items.length === clipCount ? true : null;
  });
  return clips;
}

export async function benchRequests(): Promise<RequestBench> {
  const edge = await startEdge({}, ['test/bench/bare/wrangler.toml']);
  try {
    const [clip] = await publishClips(edge);
    if (clip === undefined) throw new Error('no clip to measure');
    const bare = edge.server.getWorker('bare');
    const feedPath = '/api/v1/feed?mode=discover&limit=10';
    const feedBytes = (await (await edge.kinora.fetch(feedPath)).text()).length;
    const range = { headers: { range: `bytes=0-${rangeBytes - 1}` } };
    const read = async (
      response: { arrayBuffer(): Promise<ArrayBuffer>; status: number },
      status: number,
      bytes: number,
    ) => {
      const { byteLength } = await response.arrayBuffer();
      if (response.status !== status || byteLength < bytes * 0.5)
        throw new Error(`unexpected answer ${response.status}, ${byteLength} bytes`);
    };
    const timings = await timeInTurns(
      {
        bareJson: async () => read(await bare.fetch(`/json/${feedBytes}`), 200, feedBytes),
        feed: async () => read(await edge.kinora.fetch(feedPath), 200, feedBytes),
        bareBytes: async () => read(await bare.fetch(`/bytes/${rangeBytes}`), 206, rangeBytes),
        media: async () => read(await edge.kinora.fetch(clip.media.video, range), 206, rangeBytes),
      },
      rounds,
    );
    const row = (what: string, of: keyof typeof timings, to: keyof typeof timings) => ({
      what,
      ...timings[of],
      ratio: timings[of].p50 / timings[to].p50,
    });
    return {
      clips: clipCount,
      rows: [
        row(`bare Hono route, ${feedBytes} bytes of JSON`, 'bareJson', 'bareJson'),
        row('feed, discover, first page of 10', 'feed', 'bareJson'),
        row(`bare Hono route, ${rangeBytes} bytes`, 'bareBytes', 'bareBytes'),
        row(`media, range of ${rangeBytes} bytes`, 'media', 'bareBytes'),
      ],
    };
  } finally {
    await edge.stop();
  }
}
