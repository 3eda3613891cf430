/** A vehicle on two real wheels: hinged, rolling, driven by a force on its body. Called by car-jump.ts. */
import type { Stage, StageBody } from '../physics/stage.ts';
import { accent, type Subject } from '../scene/scene.ts';
import { colorOf } from './common.ts';

export interface Vehicle {
  readonly body: StageBody;
  readonly wheels: readonly StageBody[];
}

const sizes: Readonly<
  Record<string, { half: readonly [number, number]; wheel: number; axles: readonly [number, number] }>
> = {
  car: { half: [1.05, 0.3], wheel: 0.31, axles: [-0.66, 0.68] },
  truck: { half: [1.35, 0.44], wheel: 0.36, axles: [-0.86, 0.9] },
  motorcycle: { half: [0.68, 0.24], wheel: 0.34, axles: [-0.58, 0.6] },
};

export function addVehicle(stage: Stage, subject: Subject | undefined, x: number, rider: string): Vehicle {
  const kind = subject && sizes[subject.kind] ? subject.kind : 'car';
  const size = sizes[kind] ?? { half: [1.05, 0.3] as const, wheel: 0.31, axles: [-0.66, 0.68] as const };
  const [halfWidth, halfHeight] = size.half;
  const y = size.wheel + halfHeight + 0.02;
  const body = stage.add({
    name: kind,
    mode: 'dynamic',
    shape: { kind: 'box', halfWidth, halfHeight, round: 0.1 },
    x,
    y,
    material: 'metal',
    density: 70,
    angularDamping: 1.6,
    look: {
      sprite: kind,
      color: colorOf(stage.scene, subject, 0),
      accent: accent(stage.scene, 1),
      detail: rider,
      layer: 1,
    },
  });
  const wheels = size.axles.map((dx) => {
    const wheel = stage.add({
      name: 'wheel',
      mode: 'dynamic',
      shape: { kind: 'circle', radius: size.wheel },
      x: x + dx,
      y: size.wheel,
      material: 'rubber',
      density: 60,
      restitution: 0.15,
      friction: 1.1,
      look: { sprite: 'wheel', color: '#2c2a33', accent: '#d9dce4', layer: 1.2 },
    });
    stage.hinge(body, wheel, [dx, size.wheel - y], [0, 0]);
    return wheel;
  });
  return { body, wheels };
}
