/**
 * Bakes sprites once per look, pose and light direction, so that a frame is little more than moving pictures about. Light is
 * fixed in the world: a turning body switches between bakes lit from twelve sides. Called by bodies.ts.
 */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import type { CastMember } from '../physics/performance.ts';
import { hashString } from '../random.ts';
import type { Palette } from '../scene/scene.ts';
import { type Light, Pen } from './pen.ts';
import type { PortraitArt } from './portraits.ts';
import { spriteOf } from './sprites/registry.ts';
import type { Pose } from './sprites/sprite.ts';
import type { Style } from './style.ts';

export interface Baked {
  readonly canvas: Canvas;
  /** The body's origin inside the canvas, pixels. */
  readonly originX: number;
  readonly originY: number;
  /** Pixels per metre of the bake. */
  readonly scale: number;
}

const lightSides = 12;
const boils = 3;
/** Largest bake edge, pixels. */
const largest = 1600;

export class SpriteCache {
  readonly #baked = new Map<string, Baked>();
  readonly #style: Style;
  readonly #palette: Palette;
  readonly #light: Light;
  readonly #scale: number;
  readonly #shortSide: number;
  readonly #people: ReadonlyMap<string, PortraitArt>;

  /** @param scale pixels per metre at the largest zoom */
  constructor(
    style: Style,
    palette: Palette,
    light: Light,
    scale: number,
    shortSide: number,
    people: ReadonlyMap<string, PortraitArt>,
  ) {
    this.#people = people;
    this.#style = style;
    this.#palette = palette;
    this.#light = light;
    this.#scale = scale;
    this.#shortSide = shortSide;
  }

  /**
   * @param angle of the body, radians counter-clockwise
   * @param time seconds, for styles whose line boils
   */
  get(member: CastMember, pose: Pose, angle: number, time: number): Baked {
    const { look, shape } = member;
    const sprite = spriteOf(look.sprite, shape);
    const turns = look.upright === true ? 0 : angle;
    const side =
      this.#style.shading === 'flat' || this.#style.shading === 'none'
        ? 0
        : Math.round((turns / (2 * Math.PI)) * lightSides);
    const bucket = ((side % lightSides) + lightSides) % lightSides;
    const boil = this.#style.boilFps > 0 ? Math.floor(time * this.#style.boilFps) % boils : 0;
    const posed = sprite.posed
      ? `${pose.air ? 'a' : ''}${pose.blink ? 'b' : ''}${pose.cheer ? 'c' : ''}${pose.phase}t${pose.talk ?? 0}`
      : '';
    const key = `${look.sprite}|${look.color}|${look.accent ?? ''}|${look.detail ?? ''}|${look.flip ? 1 : 0}|${JSON.stringify(shape)}|${posed}|${bucket}|${boil}`;
    const known = this.#baked.get(key);
    if (known) return known;

    const e = sprite.extent(shape, look);
    const scale = Math.min(this.#scale, largest / Math.max(e.right - e.left, e.bottom - e.top));
    const pad = 6;
    const canvas = createCanvas(
      Math.ceil((e.right - e.left) * scale) + 2 * pad,
      Math.ceil((e.bottom - e.top) * scale) + 2 * pad,
    );
    const ctx = canvas.getContext('2d');
    const originX = pad - e.left * scale;
    const originY = pad - e.top * scale;
    ctx.translate(originX, originY);
    ctx.scale(scale, scale);
    const a = (bucket / lightSides) * 2 * Math.PI;
    const light = {
      x: this.#light.x * Math.cos(a) - this.#light.y * Math.sin(a),
      y: this.#light.x * Math.sin(a) + this.#light.y * Math.cos(a),
    };
    const seed = hashString(`${look.sprite}${look.color}${look.detail ?? ''}`) + boil;
    sprite.draw(
      new Pen(ctx, this.#style, this.#palette, light, 1 / scale, this.#shortSide, seed, this.#people),
      shape,
      look,
      pose,
    );
    const baked = { canvas, originX, originY, scale };
    this.#baked.set(key, baked);
    return baked;
  }
}

/** A soft round dot, tinted; the unit of particles, shadows and glow. */
export class DotCache {
  readonly #dots = new Map<string, Canvas>();

  /** @param hardness 0 all blur … 1 a disc */
  get(color: string, hardness: number): Canvas {
    const key = `${color}|${hardness}`;
    const known = this.#dots.get(key);
    if (known) return known;
    const size = 64;
    const canvas = createCanvas(size, size);
    const ctx = canvas.getContext('2d');
    const g = ctx.createRadialGradient(size / 2, size / 2, 0, size / 2, size / 2, size / 2);
    g.addColorStop(0, color);
    g.addColorStop(Math.max(0.01, hardness * 0.92), color);
    if (hardness < 0.6) g.addColorStop(0.45 + hardness * 0.4, transparent(color, 0.42));
    g.addColorStop(1, transparent(color, 0));
    ctx.fillStyle = g;
    ctx.fillRect(0, 0, size, size);
    this.#dots.set(key, canvas);
    return canvas;
  }
}

function transparent(color: string, opacity: number): string {
  const n = Number.parseInt(color.slice(1, 7), 16);
  return `rgba(${(n >> 16) & 255},${(n >> 8) & 255},${n & 255},${opacity})`;
}
