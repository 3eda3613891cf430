/**
 * Keeps a lease while a job runs and carries the edge's word back: cancel, stale, or silence until the lease has run out.
 * Each of them ends the job by aborting it with a `JobEnd`. Called by run-job.ts.
 */
import type { HeartbeatReply, LeasedJob } from '#schemas/render.ts';
import type { Answer, EdgeClient } from './edge-client.ts';
import type { JobProgress } from './job-progress.ts';
import { backoff, type Clock } from './wait.ts';

/** Why a job ends before it is done. */
export type JobEndReason = 'cancelled' | 'stale' | 'lease-lost' | 'shutdown' | 'killed';

export class JobEnd extends Error {
  override readonly name = 'JobEnd';
  readonly reason: JobEndReason;

  constructor(reason: JobEndReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Stage changes are told at once, but not more often than this. */
const minimumGapMs = 500;

/** Milliseconds of lease left, by the edge's own clock when it told the time: the node's may be wrong. */
export function leaseLeft(leaseExpiresAt: string, edgeTime: number | undefined): number {
  return Math.max(1000, Date.parse(leaseExpiresAt) - (edgeTime ?? Date.now()));
}

export class HeartbeatLoop {
  readonly #client: EdgeClient;
  readonly #clock: Clock;
  readonly #job: LeasedJob;
  readonly #progress: JobProgress;
  readonly #end: (reason: JobEndReason) => void;
  readonly #stop = new AbortController();
  #leaseEndsAt: number;
  #early: AbortController | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;
  /** Set once the output is with the edge: from then on only its answer counts, not the lease. */
  patient = false;

  constructor(parts: {
    client: EdgeClient;
    clock: Clock;
    job: LeasedJob;
    leaseMs: number;
    progress: JobProgress;
    end: (reason: JobEndReason) => void;
  }) {
    this.#client = parts.client;
    this.#clock = parts.clock;
    this.#job = parts.job;
    this.#progress = parts.progress;
    this.#end = parts.end;
    this.#leaseEndsAt = parts.clock.now() + parts.leaseMs;
  }

  /** Tells the edge about a new stage soon. */
  nudge(): void {
    if (this.#clock.now() - this.#lastAt >= minimumGapMs) this.#early?.abort();
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Runs until `stop`; never rejects. */
  async run(): Promise<void> {
    const { jobId, fence, heartbeatEveryMs } = this.#job;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      this.#early = new AbortController();
      const pause =
        failures === 0
          ? heartbeatEveryMs
          : Math.min(heartbeatEveryMs, backoff(failures, this.#clock.random()));
      const left = this.#leaseEndsAt - this.#clock.now();
      await this.#clock.sleep(
        Math.max(0, Math.min(pause, this.patient ? pause : left)),
        AbortSignal.any([this.#stop.signal, this.#early.signal]),
      );
      if (this.#stop.signal.aborted) return;
      this.#lastAt = this.#clock.now();
      const beat = { fence, stage: this.#progress.stage, progress: this.#progress.progress };
      const answer = await this.#client.heartbeat(jobId, beat, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      failures = this.#take(answer) ? 0 : failures + 1;
    }
  }

  #take(answer: Answer<HeartbeatReply>): boolean {
    if (answer.kind === 'ok') {
      if (answer.value.directive === 'cancel') this.#end('cancelled');
      this.#leaseEndsAt = this.#clock.now() + leaseLeft(answer.value.leaseExpiresAt, answer.edgeTime);
      return true;
    }
    if (answer.kind === 'stale') this.#end('stale');
    else if (!this.patient && this.#clock.now() >= this.#leaseEndsAt) this.#end('lease-lost');
    return false;
  }
}
