/** Keeps every body's pose per sample, angles unwrapped, and the energy ledger. Called by stage.ts only. */
import type { BodyTrack } from '../simulation-log.ts';
import type { StageBody } from './stage.ts';

interface OpenTrack {
  readonly body: StageBody;
  readonly poses: Float32Array;
  readonly from: number;
  to: number;
  angle: number;
}

export class Recorder {
  readonly energy: Float64Array;
  readonly work: Float64Array;
  readonly #tracks: OpenTrack[] = [];
  readonly #samples: number;

  constructor(samples: number) {
    this.#samples = samples;
    this.energy = new Float64Array(samples);
    this.work = new Float64Array(samples);
  }

  open(body: StageBody, sample: number): void {
    const angle = body.spec.angle ?? 0;
    this.#tracks[body.id] = {
      body,
      poses: new Float32Array(this.#samples * 3),
      from: sample,
      to: this.#samples - 1,
      angle,
    };
  }

  close(body: StageBody, sample: number): void {
    const track = this.#tracks[body.id];
    if (track) track.to = sample;
  }

  write(body: StageBody, sample: number): void {
    const track = this.#tracks[body.id];
    if (!track) return;
    const p = body.rigid.translation();
    const turn = body.rigid.rotation() - track.angle;
    track.angle += Math.atan2(Math.sin(turn), Math.cos(turn));
    track.poses.set([p.x, p.y, track.angle], sample * 3);
  }

  account(sample: number, energy: number, work: number): void {
    this.energy[sample] = energy;
    this.work[sample] = work;
  }

  tracks(): BodyTrack[] {
    return this.#tracks.map(({ body, poses, from, to }) => ({
      id: body.id,
      name: body.spec.name,
      mode: body.spec.mode,
      poses,
      from,
      to,
    }));
  }
}
