/** Dust, snow puffs and sparks where things hit hard: derived from the contacts, never added by hand. Called by perform.ts. */
import { lighten, mix } from '../color.ts';
import type { Onset } from './contacts.ts';
import type { Effect } from './performance.ts';
import type { Stage } from './stage.ts';

/** At most this many a clip, the hardest hits first, so that a rubble heap does not drown in dust. */
const most = 40;

export function contactEffects(stage: Stage, onsets: readonly Onset[]): Effect[] {
  const { palette, setting, weather } = stage.scene;
  const effects: Effect[] = [];
  for (const onset of [...onsets].sort((a, b) => b.impulse - a.impulse)) {
    if (effects.length >= most) break;
    const a = stage.bodies[onset.a];
    const b = stage.bodies[onset.b];
    if (!a || !b) continue;
    const light = a.spec.mode !== 'dynamic' ? b : b.spec.mode !== 'dynamic' ? a : a.mass < b.mass ? a : b;
    const other = light === a ? b : a;
    const speed = onset.impulse / Math.max(light.mass, 1e-6);
    if (speed < 1.6) continue;
    const pair = [a.spec.material, b.spec.material];
    const strength = Math.min(1.6, light.size * 0.5 + speed * 0.05);
    const y = other.spec.mode === 'fixed' ? onset.y - light.size / 2 : onset.y;
    if (pair.includes('metal') && !pair.includes('rubber') && speed > 3) {
      effects.push({ kind: 'sparks', time: onset.time, x: onset.x, y, strength, color: '#ffd27a' });
    } else if (pair.includes('snow') || setting === 'snowfield' || weather === 'snow') {
      effects.push({ kind: 'snow-puff', time: onset.time, x: onset.x, y, strength, color: '#f4f8fd' });
    } else if (other.spec.mode === 'fixed' && setting !== 'gym') {
      effects.push({
        kind: 'dust',
        time: onset.time,
        x: onset.x,
        y,
        strength: strength * 0.8,
        color: lighten(mix(palette.ground, palette.light, 0.3), 0.25),
      });
    } else if (pair.includes('stone') || pair.includes('wood')) {
      effects.push({
        kind: 'dust',
        time: onset.time,
        x: onset.x,
        y,
        strength: strength * 0.6,
        color: lighten(palette.structure, 0.3),
      });
    }
  }
  return effects;
}
