/**
 * Many reports in, one honest number out: progress never falls, and the stage shown is the one people wait for. Engines draw
 * while finishing encodes, so `drawing` stays until the last frame is drawn. Called by run-job.ts.
 */
import { type RenderStage, renderStages } from '#schemas/render.ts';

/** Share of the whole at the beginning and end of each stage on the node; measured with the sketch engine. */
const spans: Readonly<Partial<Record<RenderStage, readonly [from: number, to: number]>>> = {
  waiting: [0, 0],
  reading: [0, 0.02],
  simulating: [0.02, 0.1],
  drawing: [0.1, 0.88],
  encoding: [0.1, 0.9],
  uploading: [0.9, 0.98],
};

export class JobProgress {
  #stage: RenderStage = 'reading';
  #progress = 0;
  #drawn: number | undefined;

  get stage(): RenderStage {
    return this.#stage;
  }

  /** 0..1 over the whole of the node's work. */
  get progress(): number {
    return this.#progress;
  }

  /** Takes one report; returns true when the stage shown changed. */
  report(stage: RenderStage, progress: number): boolean {
    const within = Number.isFinite(progress) ? Math.min(1, Math.max(0, progress)) : 0;
    if (stage === 'drawing') this.#drawn = within;
    const [from, to] = spans[stage] ?? [this.#progress, this.#progress];
    this.#progress = Math.max(this.#progress, from + (to - from) * within);
    const waits = stage === 'encoding' && this.#drawn !== undefined && this.#drawn < 0.99 && within < 0.99;
    if (waits || renderStages.indexOf(stage) <= renderStages.indexOf(this.#stage)) return false;
    this.#stage = stage;
    return true;
  }
}
