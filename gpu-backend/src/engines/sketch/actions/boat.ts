/** A boat rides waves: buoyancy and drag cell by cell, a push of sail or oar, and company in the water. Called through registry.ts. */

import type { StageBody } from '../physics/stage.ts';
import { createWater, waterHeight } from '../physics/water.ts';
import { accent, isPortrait, subjectNamed } from '../scene/scene.ts';
import type { Action } from './action.ts';
import { characters, colorOf } from './common.ts';

const waveHeights = { clear: 0.42, rain: 0.6, snow: 0.4, fog: 0.28, wind: 0.75, storm: 1.25 } as const;

export const boat: Action = {
  build(stage, random) {
    const { scene } = stage;
    const height =
      waveHeights[scene.weather] * (scene.tone === 'calm' && scene.weather === 'clear' ? 0.8 : 1);
    const water = createWater(0, height, 6.2 + height * 2.4, scene.gravity, random.range(0, 6.28));
    stage.water = water;
    const named = subjectNamed(scene, 'sailboat', 'paper-boat', 'duck', 'boat');
    const sprite = named?.kind ?? random.pick(['sailboat', 'boat']);
    const small = sprite === 'paper-boat' || sprite === 'duck';
    const halfWidth = small ? 0.85 : 1.25;
    const halfHeight = small ? 0.34 : 0.36;
    const startX = -1.6;
    const passengers = characters(scene, 2);
    const hull = stage.add({
      name: sprite.replace('-', ' '),
      mode: 'dynamic',
      shape: { kind: 'box', halfWidth, halfHeight, round: 0.12 },
      x: startX,
      y: waterHeight(water, startX, 0) + 0.15,
      material: small ? 'paper' : 'wood',
      density: 45,
      angularDamping: 0.8,
      look: {
        sprite,
        color: colorOf(scene, named, 0, sprite),
        accent: accent(scene, 1),
        detail: passengers.map((p) => p.kind).join(','),
        layer: 1,
      },
    });
    const floats: StageBody[] = [hull];
    const company = Math.min(
      4,
      named?.count !== undefined && named.count > 1 ? named.count - 1 : random.int(1, 2),
    );
    for (let i = 0; i < company; i++) {
      const again = named?.count !== undefined && named.count > 1;
      const x = startX + (i % 2 === 0 ? 1 : -1) * (3 + i * 1.1) + random.range(-0.3, 0.3);
      const buoy = again ? sprite : random.pick(['buoy', 'crate', 'duck']);
      const half = again ? halfWidth * 0.75 : 0.36;
      floats.push(
        stage.add({
          name: buoy,
          mode: 'dynamic',
          shape: { kind: 'box', halfWidth: half, halfHeight: again ? halfHeight * 0.8 : 0.3, round: 0.08 },
          x,
          y: waterHeight(water, x, 0) + 0.1,
          material: buoy === 'crate' ? 'wood' : 'plastic',
          density: 40,
          angularDamping: 1,
          look: {
            sprite: buoy,
            color: again
              ? accent(scene, i + 1)
              : colorOf(scene, undefined, i, buoy === 'buoy' ? undefined : buoy),
            accent: '#f7f3ea',
          },
        }),
      );
    }
    const wet = new Map<StageBody, number>();
    let lastSplash = -1;
    stage.each((time) => {
      let slosh = 0;
      for (const body of floats) {
        const share = stage.float(body, 100, 260);
        slosh += Math.abs(share - (wet.get(body) ?? share)) * 60;
        wet.set(body, share);
      }
      const v = hull.rigid.linvel();
      stage.push(hull, hull.mass * (0.62 - v.x) * 0.8, 0);
      stage.level('water', 'water', 'water', 0.25 + Math.min(0.6, slosh * 0.12) + Math.abs(v.y) * 0.12, hull);
      // The bow slaps the water: a splash where it meets a rising face at speed.
      const p = hull.rigid.translation();
      const bowX = p.x + halfWidth;
      const bowY = p.y + Math.sin(hull.rigid.rotation()) * halfWidth;
      const slap = waterHeight(water, bowX, time) - bowY;
      const speed = Math.hypot(v.x, v.y) + Math.abs(hull.rigid.angvel()) * halfWidth;
      if (slap > 0.12 && slap < 0.4 && speed > 0.95 && time - lastSplash > 0.9) {
        lastSplash = time;
        stage.effects.push({
          kind: 'splash',
          time,
          x: bowX,
          y: waterHeight(water, bowX, time),
          strength: 0.35 + speed * 0.22,
          color: '#ffffff',
        });
        stage.events.push({
          time,
          kind: 'splash',
          materials: ['wood', 'water'],
          impulse: hull.mass * speed * 0.2,
          size: 1.2,
          x: bowX,
          y: bowY,
          names: [hull.spec.name, 'wave'],
        });
        if (stage.highlight === 0) stage.highlight = time;
      }
    });
    const wide = isPortrait(scene) ? 6.2 : 10;
    return {
      frame: { x: -wide / 2 - 0.2, y: -2.3, width: wide, height: 5.4 },
      follow: [hull],
      followBy: [0.8, 0],
    };
  },
};
