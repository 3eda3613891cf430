/** Celebrations: particles only, no physics. Called by actions/. */
import type { Stage } from '../physics/stage.ts';
import type { Random } from '../random.ts';
import { accent } from '../scene/scene.ts';

/** A short shower of confetti in the scene's accents, with its pop. */
export function confetti(stage: Stage, time: number, x: number, y: number, random: Random): void {
  for (let i = 0; i < 3; i++) {
    stage.effects.push({
      kind: 'confetti',
      time: time + i * 0.05,
      x: x + random.range(-0.2, 0.2),
      y,
      strength: 1.4,
      color: accent(stage.scene, i),
    });
  }
}
