/**
 * Runs a scene: finds launch parameters where the action must succeed, simulates once more in full, and turns what happened
 * into the log that drawing, sound and tests share. Deterministic. Called by prepare.ts and tests; `loadPhysics` comes first.
 */

import type { Plan } from '../actions/action.ts';
import { actions } from '../actions/registry.ts';
import { createRandom } from '../random.ts';
import type { Scene } from '../scene/scene.ts';
import type { ContactEvent, ContinuousSound, SimulationLog } from '../simulation-log.ts';
import { planCamera, toScreen } from './camera-path.ts';
import { contactEffects } from './contact-effects.ts';
import type { Onset } from './contacts.ts';
import type { Performance } from './performance.ts';
import { Stage, samplesPerFrame, speedLimit } from './stage.ts';

/** The physics log alone; see `perform` for the log with everything needed to draw it. */
export function simulate(scene: Scene): SimulationLog {
  return perform(scene).log;
}

/** @throws when the physics engine itself fails; every scene can be performed. */
export function perform(scene: Scene): Performance {
  const attempt = findAttempt(scene);
  const stage = new Stage(scene, scene.seconds);
  try {
    const plan = actions[scene.action].build(stage, createRandom(scene.seed), attempt);
    stage.run();
    return record(stage, plan);
  } finally {
    stage.dispose();
  }
}

/** Shooting method: the first attempt that is judged perfect, else the best of all. */
function findAttempt(scene: Scene): readonly number[] {
  const action = actions[scene.action];
  if (!action.attempts) return [];
  let best: readonly number[] = [];
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const attempt of action.attempts(scene, createRandom(scene.seed).fork('attempts'))) {
    const stage = new Stage(scene, action.trialSeconds ?? scene.seconds);
    try {
      const plan = action.build(stage, createRandom(scene.seed), attempt);
      stage.run(plan.settled && (() => plan.settled?.() ?? false));
      const score = plan.judge?.() ?? 1;
      if (score > bestScore) {
        bestScore = score;
        best = attempt;
      }
      if (score >= 1) return best;
    } finally {
      stage.dispose();
    }
  }
  return best;
}

function record(stage: Stage, plan: Plan): Performance {
  const { scene } = stage;
  const tracks = stage.recorder.tracks();
  const onsets = stage.contacts.audible(5, 0.05);
  const camera = planCamera(scene, plan, tracks, onsets, stage.frameCount, samplesPerFrame);
  const panAt = (time: number, x: number, y: number): number =>
    Math.max(0, Math.min(1, toScreen(scene, camera, Math.floor(time * scene.fps), x, y).x));
  const distance = Math.max(0.08, Math.min(0.7, camera.metresWide / 40));
  const contacts: ContactEvent[] = [
    ...onsets.map((o) => toContact(stage, o, panAt(o.time, o.x, o.y), distance)),
    ...stage.events.map(({ x, y, ...event }) => ({ ...event, pan: panAt(event.time, x, y), distance })),
  ].sort((a, b) => a.time - b.time);
  const continuous: ContinuousSound[] = [...stage.sounds.values()].map(
    ({ kind, material, levels, body }) => ({
      kind,
      material,
      levels,
      pan: body ? meanPan(body.id) : 0.5,
    }),
  );
  function meanPan(id: number): number {
    const poses = tracks[id]?.poses;
    const middle = Math.floor(stage.sampleCount / 2) * 3;
    return poses
      ? panAt(stage.sampleCount * stage.dt * 0.5, poses[middle] ?? 0, poses[middle + 1] ?? 0)
      : 0.5;
  }
  return {
    scene,
    log: {
      fps: scene.fps,
      frameCount: stage.frameCount,
      samplesPerFrame,
      bodies: tracks,
      contacts,
      continuous,
      energy: stage.recorder.energy,
      work: stage.recorder.work,
    },
    cast: stage.cast,
    effects: [...stage.effects, ...contactEffects(stage, onsets)].sort((a, b) => a.time - b.time),
    ropes: stage.ropes,
    solids: stage.solids,
    camera,
    highlight: stage.highlight > 0 ? Math.min(stage.highlight, scene.seconds - 0.1) : scene.seconds * 0.4,
    speedLimit,
    ...(stage.water && { water: stage.water }),
  };
}

function toContact(stage: Stage, onset: Onset, pan: number, distance: number): ContactEvent {
  const a = stage.bodies[onset.a];
  const b = stage.bodies[onset.b];
  if (!a || !b) throw new Error('A contact names a body that was never on the stage.');
  const [first, second] =
    a.spec.mode === 'dynamic' && (b.spec.mode !== 'dynamic' || a.mass <= b.mass) ? [a, b] : [b, a];
  return {
    time: onset.time,
    kind: 'impact',
    materials: [first.spec.material, second.spec.material],
    impulse: onset.impulse,
    size: Math.min(first.size, second.spec.mode === 'dynamic' ? second.size : first.size),
    pan,
    distance,
    names: [first.spec.name, second.spec.name],
  };
}
