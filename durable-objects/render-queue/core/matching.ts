/**
 * Which node may take which job. Invariant: a job only goes to an engine that can do all of it; nothing is dropped silently (K-02).
 * Called by the RenderQueue object; pure.
 */
import type { EngineCapability, FrameSize, RenderSpec } from '#schemas/engine.ts';

export interface Requirement {
  readonly engine: string;
  readonly size: FrameSize;
  readonly seconds: number;
  readonly dialogue: boolean;
  readonly soundCues: boolean;
  /** It carries likenesses: only engines that may see them (K-21). */
  readonly cast?: true;
}

/** The requirement of a job as a key: jobs with equal keys are taken by the same nodes. */
export function kindOf(spec: RenderSpec): string {
  const requirement: Requirement = {
    engine: spec.engine,
    size: spec.size,
    seconds: spec.seconds,
    dialogue: spec.dialogue.length > 0,
    soundCues: spec.soundCues.length > 0,
    ...(spec.cast.length > 0 ? { cast: true } : {}),
  };
  return JSON.stringify(requirement);
}

/** Whether one engine can do all of it. Every clip has sound (K-01), so an engine without it takes nothing. */
export function fits(engine: EngineCapability, requirement: Requirement): boolean {
  return (
    engine.name === requirement.engine &&
    engine.audio &&
    engine.sizes.includes(requirement.size) &&
    requirement.seconds >= engine.seconds.min &&
    requirement.seconds <= engine.seconds.max &&
    (!requirement.dialogue || engine.dialogue !== 'none') &&
    (!requirement.soundCues || engine.soundCues) &&
    (requirement.cast !== true || engine.biometricsAllowed)
  );
}

/** The test a node's engines put to a kind, remembering its answers: kinds are few and asked about at every lease. */
export function acceptor(engines: readonly EngineCapability[]): (kind: string) => boolean {
  const answers = new Map<string, boolean>();
  return (kind) => {
    const known = answers.get(kind);
    if (known !== undefined) return known;
    const requirement = JSON.parse(kind) as Requirement;
    const answer = engines.some((engine) => fits(engine, requirement));
    answers.set(kind, answer);
    return answer;
  };
}

/** One capability per engine name, of the newest version offered; sorted by name. */
export function newestEngines(offered: readonly EngineCapability[]): EngineCapability[] {
  const newest = new Map<string, EngineCapability>();
  for (const engine of offered) {
    const known = newest.get(engine.name);
    if (known === undefined || compareVersions(engine.version, known.version) > 0)
      newest.set(engine.name, engine);
  }
  return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Orders `1.10.0` after `1.9.2`; parts that are not numbers compare as text. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(/[.+-]/), b.split(/[.+-]/)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [x, y] = [left[at] ?? '0', right[at] ?? '0'];
    const order = /^\d+$/.test(x) && /^\d+$/.test(y) ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}
