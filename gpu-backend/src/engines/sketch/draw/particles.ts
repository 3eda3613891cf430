/**
 * Particles as closed formulas of time: an effect's n-th spark is where it is whatever frame is asked for, so nothing has to be
 * stepped and frames can be drawn in any order. Called by painter.ts.
 */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Hex, lighten, mix, shift } from '../color.ts';
import type { Effect, EffectKind } from '../physics/performance.ts';
import { createRandom } from '../random.ts';
import type { DotCache } from './sprite-cache.ts';

interface Recipe {
  readonly count: number;
  /** Seconds. */
  readonly life: number;
  /** Metres per second for strength 1. */
  readonly speed: number;
  /** Half angle of the throw, radians. */
  readonly spread: number;
  /** Share of gravity. */
  readonly fall: number;
  /** Air drag, 1/s. */
  readonly drag: number;
  /** Metres. */
  readonly size: number;
  /** Size at the end relative to the start. */
  readonly grow: number;
  readonly hardness: number;
  readonly opacity: number;
  readonly form: 'dot' | 'streak' | 'flake' | 'ring';
  readonly additive?: boolean;
}

const recipes: Readonly<Record<EffectKind, Recipe>> = {
  dust: {
    count: 12,
    life: 1,
    speed: 1.5,
    spread: 1.5,
    fall: -0.02,
    drag: 3.4,
    size: 0.2,
    grow: 2.6,
    hardness: 0,
    opacity: 0.34,
    form: 'dot',
  },
  'snow-puff': {
    count: 16,
    life: 0.9,
    speed: 2.2,
    spread: 1.3,
    fall: 0.45,
    drag: 1.8,
    size: 0.09,
    grow: 0.7,
    hardness: 0.6,
    opacity: 0.9,
    form: 'dot',
  },
  splash: {
    count: 26,
    life: 0.95,
    speed: 3.6,
    spread: 0.85,
    fall: 1,
    drag: 0.4,
    size: 0.075,
    grow: 0.5,
    hardness: 0.8,
    opacity: 0.85,
    form: 'dot',
  },
  sparks: {
    count: 16,
    life: 0.55,
    speed: 4.4,
    spread: 1.4,
    fall: 0.8,
    drag: 1.2,
    size: 0.04,
    grow: 0.3,
    hardness: 1,
    opacity: 1,
    form: 'streak',
    additive: true,
  },
  burst: {
    count: 64,
    life: 1.9,
    speed: 5.2,
    spread: Math.PI,
    fall: 0.16,
    drag: 1.9,
    size: 0.075,
    grow: 0.3,
    hardness: 0.7,
    opacity: 1,
    form: 'streak',
    additive: true,
  },
  confetti: {
    count: 24,
    life: 2.4,
    speed: 5.2,
    spread: 0.9,
    fall: 0.42,
    drag: 2.1,
    size: 0.1,
    grow: 1,
    hardness: 1,
    opacity: 1,
    form: 'flake',
  },
  smoke: {
    count: 7,
    life: 1.7,
    speed: 1.1,
    spread: 0.8,
    fall: -0.05,
    drag: 1.5,
    size: 0.34,
    grow: 2.5,
    hardness: 0,
    opacity: 0.3,
    form: 'dot',
  },
  bubbles: {
    count: 6,
    life: 1.8,
    speed: 0.7,
    spread: 0.6,
    fall: -0.14,
    drag: 1.6,
    size: 0.07,
    grow: 1.4,
    hardness: 1,
    opacity: 0.7,
    form: 'ring',
  },
  flame: {
    count: 6,
    life: 0.34,
    speed: 3.4,
    spread: 0.22,
    fall: 0,
    drag: 1,
    size: 0.3,
    grow: 0.25,
    hardness: 0.15,
    opacity: 0.8,
    form: 'dot',
    additive: true,
  },
  leaves: {
    count: 8,
    life: 2.6,
    speed: 1.6,
    spread: 1.4,
    fall: 0.1,
    drag: 1.4,
    size: 0.12,
    grow: 1,
    hardness: 1,
    opacity: 1,
    form: 'flake',
  },
  flash: {
    count: 1,
    life: 0.4,
    speed: 0,
    spread: 0,
    fall: 0,
    drag: 1,
    size: 2.6,
    grow: 1.5,
    hardness: 0,
    opacity: 0.75,
    form: 'dot',
    additive: true,
  },
  pop: {
    count: 18,
    life: 0.5,
    speed: 4.2,
    spread: Math.PI,
    fall: 0.4,
    drag: 3,
    size: 0.1,
    grow: 0.4,
    hardness: 0.9,
    opacity: 1,
    form: 'flake',
  },
};

/** Longest life of any particle, seconds: effects older than this draw nothing. */
export const longestLife = Math.max(...Object.values(recipes).map((r) => r.life)) * 1.25;

/**
 * Draws one effect.
 * @param place world metres to frame pixels
 * @param perMetre pixels per metre
 */
export function drawEffect(
  ctx: SKRSContext2D,
  dots: DotCache,
  effect: Effect,
  index: number,
  time: number,
  gravity: number,
  perMetre: number,
  place: (x: number, y: number) => { x: number; y: number },
  tint: (color: Hex) => Hex,
): void {
  const recipe = recipes[effect.kind];
  const age = time - effect.time;
  if (age < 0 || age > recipe.life * 1.25) return;
  const random = createRandom((index * 7919 + Math.round(effect.x * 1000)) >>> 0);
  const k = recipe.drag;
  const count = Math.round(recipe.count * Math.max(0.5, Math.min(1.3, effect.strength)));
  ctx.save();
  if (recipe.additive) ctx.globalCompositeOperation = 'lighter';
  for (let i = 0; i < count; i++) {
    const angle = (effect.direction ?? Math.PI / 2) + random.range(-1, 1) * recipe.spread;
    const speed =
      recipe.speed *
      effect.strength *
      (effect.kind === 'burst'
        ? random.range(0.82, 1.05) * (i % 3 === 0 ? 0.6 : 1)
        : random.range(0.25, 1.05));
    const life = recipe.life * random.range(0.7, 1.2);
    const sway = random.range(-1, 1);
    const size0 =
      recipe.size *
      random.range(0.6, 1.3) *
      (recipe.form === 'dot' && recipe.hardness < 0.3 ? Math.max(0.6, effect.strength) : 1);
    const hue = random.range(-16, 16);
    if (age > life) continue;
    const travelled = (t: number): { x: number; y: number } => {
      const reach = (1 - Math.exp(-k * t)) / k;
      // With drag k the fall tends to the terminal speed g/k.
      const drop = recipe.fall * gravity * (t - reach) * (1 / k);
      return {
        x:
          effect.x +
          Math.cos(angle) * speed * reach +
          (recipe.form === 'flake' ? Math.sin(t * 7 + sway * 6) * 0.06 * t : 0),
        y: effect.y + Math.sin(angle) * speed * reach - drop,
      };
    };
    const p = travelled(age);
    const t = age / life;
    const q = place(p.x, p.y);
    const size = size0 * (1 + (recipe.grow - 1) * t) * perMetre;
    ctx.globalAlpha =
      recipe.opacity * (t < 0.08 ? t / 0.08 : 1) * (1 - t) ** (recipe.form === 'flake' ? 0.5 : 1);
    switch (recipe.form) {
      case 'dot': {
        const color =
          effect.kind === 'flame' ? mix('#fff3b0', effect.color, Math.min(1, t * 1.6)) : effect.color;
        ctx.drawImage(
          dots.get(quantise(tint(color)), recipe.hardness),
          q.x - size,
          q.y - size,
          size * 2,
          size * 2,
        );
        break;
      }
      case 'streak': {
        const tail = travelled(Math.max(0, age - 0.07));
        const r = place(tail.x, tail.y);
        ctx.strokeStyle = lighten(shift(effect.color, hue * 0.5), (1 - t) * 0.35);
        ctx.lineWidth = Math.max(1, size * 0.6);
        ctx.lineCap = 'round';
        ctx.beginPath();
        ctx.moveTo(r.x, r.y);
        ctx.lineTo(q.x, q.y);
        ctx.stroke();
        if (effect.kind === 'burst' && i % 2 === 0) {
          const glow = size * 3.4;
          ctx.globalAlpha *= 0.5;
          ctx.drawImage(dots.get(quantise(effect.color), 0), q.x - glow, q.y - glow, glow * 2, glow * 2);
        }
        break;
      }
      case 'flake': {
        ctx.fillStyle = tint(shift(effect.color, effect.kind === 'confetti' ? hue * 6 : hue));
        const flip = Math.abs(Math.cos(age * 9 + sway * 5));
        ctx.save();
        ctx.translate(q.x, q.y);
        ctx.rotate(sway * 3 + age * 4 * sway);
        ctx.fillRect(-size / 2, (-size * flip) / 2, size, Math.max(1, size * flip * 0.8));
        ctx.restore();
        break;
      }
      case 'ring': {
        ctx.strokeStyle = lighten(tint(effect.color), 0.5);
        ctx.lineWidth = 1.8;
        ctx.beginPath();
        ctx.arc(q.x + Math.sin(age * 5 + sway * 6) * 6, q.y, Math.max(1, size), 0, 6.3);
        ctx.stroke();
        break;
      }
    }
  }
  ctx.restore();
}

/** Few distinct colours, so that the dot cache stays small. */
function quantise(color: Hex): Hex {
  const n = Number.parseInt(color.slice(1), 16) & 0xf0f0f0;
  return `#${(n | 0x080808).toString(16).padStart(6, '0')}`;
}
