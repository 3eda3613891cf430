/**
 * An edge with a node that looks at what the test says, and films and clips to try it with: what the ingest and verify tests share. Every
 * film is the same picture in other bytes; which film it is, is for the scripted fingerprint to say.
 */
import { equal } from 'node:assert/strict';
import type { Clip } from '#schemas/http/clips.ts';
import type { Upload } from '#schemas/http/uploads.ts';
import type { MediaReport } from '#schemas/inspection.ts';
import type { Verification } from '#schemas/verdict.ts';
import { type Edge, startEdge } from './edge.ts';
import { expectStatus } from './generation-run.ts';
import { checked, type Sender, sender, upload, verify } from './ingest-run.ts';
import { makeMp4 } from './make-mp4.ts';
import { createScriptedLooker, mediaReport, type ScriptedLooker } from './scripted-media.ts';

export interface Film {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What its fingerprint is drawn from. */
  readonly seed: string;
}

export interface Published extends Film {
  readonly by: Sender;
  readonly clip: Clip;
  /** What is served. */
  readonly signed: Uint8Array<ArrayBuffer>;
}

export interface IngestBench {
  readonly edge: Edge;
  readonly looker: ScriptedLooker;
  person(extra?: Record<string, unknown>): Promise<Sender>;
  /** Bytes nobody has sent before, and the fingerprint that a node sees in them. */
  film(): Film;
  /** Sends it, lets the node see this, and answers how it ended. */
  ingest(by: Sender, bytes: Uint8Array<ArrayBuffer>, report: MediaReport): Promise<Upload>;
  /** A clip of an upload. */
  published(): Promise<Published>;
  /** One clip for all tests that leave it as it is. */
  standing(): Promise<Published>;
  /** Verifies while the node sees this. */
  verifyLookedAt(bytes: Uint8Array<ArrayBuffer>, report: MediaReport): Promise<Verification>;
}

/** @param name begins the handles of its people */
export async function startIngestBench(name: string): Promise<IngestBench> {
  const [edge, base] = await Promise.all([
    startEdge(),
    makeMp4({ seconds: 2, width: 720, height: 1280, fps: 5 }),
  ]);
  const looker = createScriptedLooker(edge);
  // From here on a node is connected.
  await edge.node.lease();
  let people = 0;
  let films = 0;
  let first: Promise<Published> | undefined;
  const bench: IngestBench = {
    edge,
    looker,
    person: (extra = {}) => {
      people += 1;
      return sender(edge, `${name}-${people}`, extra);
    },
    film: () => {
      films += 1;
      // A box that players skip makes other bytes of the same film.
      const extra = new TextEncoder().encode(`    free film ${films}`);
      new DataView(extra.buffer).setUint32(0, extra.length);
      return { bytes: Uint8Array.from([...base, ...extra]), seed: `film-${films}` };
    },
    ingest: async (by, bytes, report) => {
      const sent = await upload(edge, by, bytes);
      const leased = await looker.next();
      equal(leased.inspectionId, sent.id);
      await looker.report(leased, report);
      return checked(by, sent);
    },
    published: async () => {
      const by = await bench.person();
      const made = bench.film();
      const done = await bench.ingest(by, made.bytes, mediaReport(made.seed));
      equal(done.status, 'ready', done.reason ?? '');
      const clip = await by.api<Clip>('POST', `/api/v1/clips/${done.clipId}/publish`, { caption: 'Look.' });
      const served = await expectStatus(fetch(`${edge.url}${clip.media.video}`), 200);
      return { ...made, by, clip, signed: new Uint8Array(await served.arrayBuffer()) };
    },
    standing: () => (first ??= bench.published()),
    verifyLookedAt: async (bytes, report) => {
      const answer = verify(edge, bytes, 20);
      await looker.report(await looker.next(), report);
      return answer;
    },
  };
  return bench;
}
