/** Pieces several actions use: ground, balls, characters, and what colour they get. Called by actions/ only. */
import { type Hex, mix } from '../color.ts';
import { metresAcross, safeArea } from '../physics/camera-path.ts';
import type { Shape } from '../physics/performance.ts';
import { type BodySpec, onlookerGroups, type Stage, type StageBody } from '../physics/stage.ts';
import { naturalColors } from '../scene/natural-colors.ts';
import { accent, type Scene, type Subject } from '../scene/scene.ts';
import type { Material } from '../simulation-log.ts';
import type { Rect } from './action.ts';

const groundMaterials: Readonly<Partial<Record<Scene['setting'], Material>>> = {
  beach: 'sand',
  desert: 'sand',
  moon: 'sand',
  space: 'stone',
  city: 'stone',
  street: 'stone',
  gym: 'wood',
  room: 'wood',
  snowfield: 'snow',
  mountain: 'stone',
};

export function groundMaterial(scene: Scene): Material {
  return scene.weather === 'snow' && scene.setting !== 'room' && scene.setting !== 'gym'
    ? 'snow'
    : (groundMaterials[scene.setting] ?? 'sand');
}

/** The level ground at y = 0; its picture belongs to the setting. Loose ground would swallow the bounce, so it is packed. */
export function addGround(stage: Stage, y = 0, name = 'ground'): StageBody {
  return stage.add({
    name,
    mode: 'fixed',
    shape: { kind: 'box', halfWidth: 200, halfHeight: 2 },
    x: 0,
    y: y - 2,
    material: groundMaterial(stage.scene),
    friction: 0.8,
    look: { sprite: 'none', color: '#000000', hidden: true },
  });
}

/** The colour the prompt gave, else the thing's own, else an accent. */
export function colorOf(
  scene: Scene,
  subject: Subject | undefined,
  fallback: number,
  kind = subject?.kind,
): Hex {
  return subject?.color ?? (kind ? naturalColors[kind] : undefined) ?? accent(scene, fallback);
}

export interface BallKind {
  readonly sprite: string;
  readonly name: string;
  readonly material: Material;
  readonly color: Hex;
  readonly restitution?: number;
}

const ballMaterials: Readonly<Record<string, Material>> = {
  marble: 'glass',
  'bowling-ball': 'plastic',
  snowball: 'snow',
  boulder: 'stone',
  apple: 'wood',
  orange: 'rubber',
  lemon: 'rubber',
  watermelon: 'wood',
  strawberry: 'flesh',
  pumpkin: 'wood',
  donut: 'fabric',
};
const roundKinds = new Set([
  'basketball',
  'football',
  'beach-ball',
  'tennis-ball',
  'marble',
  'bowling-ball',
  'snowball',
  'boulder',
  'ball',
  'apple',
  'orange',
  'lemon',
  'watermelon',
  'strawberry',
  'pumpkin',
  'donut',
]);

/** The round thing the prompt names, else the given default. */
export function ballKind(scene: Scene, fallback: string, index = 0): BallKind {
  const subject = scene.subjects.find((s) => roundKinds.has(s.kind));
  const kind =
    subject && !(subject.kind === 'ball' && fallback !== 'ball' && !subject.color) ? subject.kind : fallback;
  const own = kind === subject?.kind || subject?.kind === 'ball' ? subject : undefined;
  const material = ballMaterials[kind] ?? 'rubber';
  return {
    sprite: kind,
    name: kind.replaceAll('-', ' '),
    material,
    color: colorOf(scene, own?.color ? own : undefined, index, kind),
    ...(material === 'rubber' && { restitution: kind === 'basketball' ? 0.74 : 0.8 }),
  };
}

/** A character that stands, hops or watches: an upright capsule-like box. */
export function characterSpec(
  scene: Scene,
  subject: Subject,
  x: number,
  height: number,
  index: number,
): BodySpec {
  const wide = [
    'elephant',
    'pig',
    'bear',
    'panda',
    'turtle',
    'unicorn',
    'dinosaur',
    'dragon',
    'lion',
  ].includes(subject.kind)
    ? 0.46
    : 0.38;
  const shape: Shape = {
    kind: 'box',
    halfWidth: height * wide,
    halfHeight: height / 2,
    round: height * 0.16,
  };
  return {
    name: subject.name ?? subject.kind,
    mode: 'dynamic',
    shape,
    x,
    y: height / 2 + 0.01,
    material: subject.kind === 'robot' ? 'metal' : 'flesh',
    density: 55,
    lockRotation: true,
    look: {
      sprite: 'character',
      detail: subject.kind,
      color: colorOf(scene, subject, index),
      accent: accent(scene, index + 1),
      upright: true,
      layer: 1,
    },
  };
}

/** Characters the prompt names, spread to their count, at most `most`. */
export function characters(scene: Scene, most: number): Subject[] {
  return scene.subjects
    .filter((s) => s.class === 'creature')
    .flatMap((s) => Array.from({ length: Math.min(s.count ?? 1, most) }, () => s))
    .slice(0, most);
}

/** Onlookers beside the action: they only stand there and watch, and are part of the physics like everything else. `skip` leaves out those who act. */
export function addOnlookers(stage: Stage, places: readonly number[], height: number, skip = 0): StageBody[] {
  return characters(stage.scene, places.length + skip)
    .slice(skip)
    .map((subject, i) => {
      const spec = characterSpec(
        stage.scene,
        subject,
        places[i] ?? 0,
        height * (subject.kind === 'mouse' ? 0.6 : 1),
        i,
      );
      return stage.add({ ...spec, groups: onlookerGroups, silent: true, look: { ...spec.look, layer: -1 } });
    });
}

export function shadeOf(color: Hex, scene: Scene): Hex {
  return mix(color, scene.palette.shade, 0.35);
}

/** Holds a body at a point by a damped spring and against gravity: real forces, booked. Call every step. */
export function hold(stage: Stage, body: StageBody, x: number, y: number, vx = 0, vy = 0): void {
  const p = body.rigid.translation();
  const v = body.rigid.linvel();
  const k = 900 * body.mass;
  const c = 60 * body.mass;
  stage.push(
    body,
    k * (x - p.x) + c * (vx - v.x),
    k * (y - p.y) + c * (vy - v.y) + body.mass * stage.gravity,
  );
}

/** Speed needed to fly from one point to another over an apex height (all metres): the ballistic parabola. */
export function throwTo(
  from: readonly [number, number],
  to: readonly [number, number],
  apex: number,
  gravity: number,
): { vx: number; vy: number; flight: number } {
  const top = Math.max(apex, from[1] + 0.05, to[1] + 0.05);
  const vy = Math.sqrt(2 * gravity * (top - from[1]));
  const flight = vy / gravity + Math.sqrt((2 * (top - to[1])) / gravity);
  return { vx: (to[0] - from[0]) / flight, vy, flight };
}

/** Height just above what the camera shows of a frame, metres: things that come into the picture start there. */
export function aboveFrame(scene: Scene, frame: Rect): number {
  const ppm = scene.width / metresAcross(scene, frame);
  const safe = safeArea(scene);
  return frame.y + ((safe.y + safe.height) * scene.height) / ppm;
}
