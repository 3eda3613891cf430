/** Rain, snow, wind, fog, lightning, and the small life of the air: all closed formulas of time. Called by painter.ts. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { alpha, mix } from '../color.ts';
import { createRandom } from '../random.ts';
import type { Palette, Scene } from '../scene/scene.ts';
import type { DotCache } from './sprite-cache.ts';
import type { CameraState, View } from './view.ts';

interface Mote {
  readonly x: number;
  readonly y: number;
  readonly near: number;
  readonly phase: number;
}

const indoors = new Set(['room', 'gym', 'underwater', 'space', 'moon']);
const wrap = (v: number, size: number): number => ((v % size) + size) % size;

export class WeatherPainter {
  readonly #scene: Scene;
  readonly #palette: Palette;
  readonly #view: View;
  readonly #dots: DotCache;
  readonly #motes: readonly Mote[];
  readonly #strikes: readonly number[];

  constructor(scene: Scene, palette: Palette, view: View, dots: DotCache) {
    this.#scene = scene;
    this.#palette = palette;
    this.#view = view;
    this.#dots = dots;
    const random = createRandom(scene.seed).fork('weather');
    this.#motes = Array.from({ length: 170 }, () => ({
      x: random.next(),
      y: random.next(),
      near: random.range(0.3, 1),
      phase: random.range(0, 6.28),
    }));
    this.#strikes =
      scene.weather === 'storm'
        ? Array.from(
            { length: Math.ceil(scene.seconds / 3.2) },
            (_, i) => 0.9 + i * 3.2 + random.range(-0.4, 0.9),
          )
        : [];
  }

  draw(ctx: SKRSContext2D, camera: CameraState, time: number): void {
    const { weather, setting } = this.#scene;
    const shiftX = -(camera.x - this.#view.base.x) * this.#view.ppm;
    if (indoors.has(setting)) {
      this.#air(ctx, shiftX, time);
      return;
    }
    if (weather === 'rain' || weather === 'storm')
      this.#rain(ctx, shiftX, time, weather === 'storm' ? 150 : 110);
    else if (weather === 'snow') this.#snow(ctx, shiftX, time);
    else if (weather === 'wind') this.#gusts(ctx, shiftX, time);
    else if (weather === 'fog') this.#fog(ctx, shiftX, time);
    else this.#air(ctx, shiftX, time);
    this.#lightning(ctx, time);
  }

  #rain(ctx: SKRSContext2D, shiftX: number, time: number, count: number): void {
    const { width, height, unit } = this.#view;
    const lean = (this.#scene.wind >= 0 ? 1 : -1) * (0.12 + Math.abs(this.#scene.wind) * 0.035);
    for (const near of [false, true]) {
      ctx.strokeStyle = alpha(mix(this.#palette.light, '#ffffff', 0.4), near ? 0.36 : 0.2);
      ctx.lineWidth = (near ? 2.2 : 1.3) * unit;
      ctx.beginPath();
      for (const m of this.#motes.slice(0, count)) {
        if (m.near > 0.65 !== near) continue;
        const speed = (1300 + 900 * m.near) * unit;
        const y = wrap(m.y * height * 1.2 + speed * time, height * 1.2) - height * 0.1;
        const x = wrap(m.x * width * 1.4 + shiftX * m.near + y * lean, width * 1.4) - width * 0.2;
        const l = (22 + 34 * m.near) * unit;
        ctx.moveTo(x, y);
        ctx.lineTo(x - lean * l, y - l);
      }
      ctx.stroke();
    }
  }

  #snow(ctx: SKRSContext2D, shiftX: number, time: number): void {
    const { width, height, unit } = this.#view;
    const dot = this.#dots.get('#ffffff', 0.5);
    for (const m of this.#motes) {
      const y = wrap(m.y * height * 1.1 + (55 + 95 * m.near) * unit * time, height * 1.1) - height * 0.05;
      const drift = this.#scene.wind * 14 * time * unit + Math.sin(time * 1.1 + m.phase) * 22 * unit;
      const x = wrap(m.x * width * 1.2 + drift + shiftX * m.near * 0.9, width * 1.2) - width * 0.1;
      const s = (2 + m.near ** 3 * 7.5) * unit;
      ctx.globalAlpha = 0.45 + 0.5 * m.near;
      ctx.drawImage(dot, x - s, y - s, s * 2, s * 2);
    }
    ctx.globalAlpha = 1;
  }

  #gusts(ctx: SKRSContext2D, shiftX: number, time: number): void {
    const { width, height, unit } = this.#view;
    const way = this.#scene.wind >= 0 ? 1 : -1;
    ctx.lineCap = 'round';
    ctx.strokeStyle = alpha('#ffffff', 0.26);
    ctx.lineWidth = 2.4 * unit;
    ctx.beginPath();
    for (const m of this.#motes.slice(0, 12)) {
      const x =
        wrap(m.x * width * 2 + way * 620 * unit * time * (0.6 + m.near) + shiftX, width * 2) - width * 0.5;
      const y = height * (0.1 + m.y * 0.62) + Math.sin(time * 1.4 + m.phase) * 16 * unit;
      const l = (80 + 130 * m.near) * unit;
      ctx.moveTo(x, y);
      ctx.bezierCurveTo(x + l * 0.35, y - 13 * unit, x + l * 0.65, y + 13 * unit, x + l, y);
    }
    ctx.stroke();
    for (const m of this.#motes.slice(12, 34)) {
      const x =
        wrap(m.x * width * 1.5 + way * (300 + 260 * m.near) * unit * time + shiftX, width * 1.5) -
        width * 0.25;
      const y = wrap(m.y * height + Math.sin(time * 2 + m.phase) * 46 * unit + 24 * unit * time, height);
      ctx.save();
      ctx.translate(x, y);
      ctx.rotate(time * 3.4 * (m.near > 0.6 ? 1 : -1) + m.phase);
      ctx.fillStyle = mix(this.#palette.foliage, this.#palette.accents[1], m.near);
      ctx.beginPath();
      ctx.ellipse(0, 0, 8 * unit * m.near + 2, 3.4 * unit * m.near + 1, 0, 0, 6.3);
      ctx.fill();
      ctx.restore();
    }
  }

  #fog(ctx: SKRSContext2D, shiftX: number, time: number): void {
    const { width, height, unit } = this.#view;
    const dot = this.#dots.get(mix(this.#palette.haze, '#ffffff', 0.25), 0);
    for (const [i, m] of this.#motes.slice(0, 7).entries()) {
      const w = width * (0.9 + m.near * 0.6);
      const x =
        wrap(m.x * width * 2.4 + time * (14 + 22 * m.near) * unit + shiftX * 0.5, width * 2.4) - width * 0.7;
      const y = height * (0.42 + 0.07 * i);
      ctx.globalAlpha = 0.26;
      ctx.drawImage(dot, x - w / 2, y - height * 0.07, w, height * 0.15);
    }
    ctx.globalAlpha = 1;
  }

  /** Fireflies, dust in the light, bubbles: what fits the place when nothing falls from the sky. */
  #air(ctx: SKRSContext2D, shiftX: number, time: number): void {
    const { width, height, unit } = this.#view;
    const { setting, time: hour } = this.#scene;
    const water = setting === 'underwater';
    const glow = hour === 'night' && ['forest', 'meadow', 'park', 'castle', 'mountain'].includes(setting);
    if (!water && !glow && hour === 'noon' && setting !== 'room' && setting !== 'gym') return;
    const color = glow ? '#ffe98a' : water ? '#dffcff' : mix(this.#palette.light, '#ffffff', 0.3);
    const dot = this.#dots.get(color, water ? 0.8 : 0.1);
    ctx.save();
    if (!water) ctx.globalCompositeOperation = 'lighter';
    for (const m of this.#motes.slice(0, glow ? 26 : 40)) {
      const rise = water
        ? -46 * unit * time * (0.4 + m.near)
        : Math.sin(time * 0.5 + m.phase) * 26 * unit - 5 * unit * time;
      const x = wrap(
        m.x * width + shiftX * m.near * 0.7 + Math.sin(time * 0.7 + m.phase * 2) * 30 * unit,
        width,
      );
      const y = wrap((glow ? 0.4 + m.y * 0.5 : m.y) * height + rise, height);
      const s = (glow ? 5 + 7 * m.near : 1.5 + 3.4 * m.near ** 2) * unit;
      ctx.globalAlpha =
        (glow ? 0.85 : water ? 0.4 : 0.24) * (0.5 + 0.5 * Math.sin(time * (glow ? 2.3 : 0.9) + m.phase * 3));
      ctx.drawImage(dot, x - s, y - s, s * 2, s * 2);
    }
    ctx.restore();
  }

  #lightning(ctx: SKRSContext2D, time: number): void {
    for (const [i, at] of this.#strikes.entries()) {
      const age = time - at;
      if (age < 0 || age > 0.42) continue;
      const flicker = Math.exp(-age * 9) * (age > 0.07 && age < 0.11 ? 0.25 : 1);
      ctx.globalAlpha = 0.5 * flicker;
      ctx.fillStyle = '#e8efff';
      ctx.fillRect(0, 0, this.#view.width, this.#view.height);
      ctx.globalAlpha = Math.min(1, flicker * 1.4);
      const random = createRandom(this.#scene.seed + i);
      ctx.strokeStyle = '#ffffff';
      ctx.lineWidth = 4 * this.#view.unit;
      ctx.beginPath();
      let x = this.#view.width * random.range(0.15, 0.85);
      ctx.moveTo(x, 0);
      for (let k = 1; k <= 8; k++) {
        x += random.range(-46, 46) * this.#view.unit;
        ctx.lineTo(x, (this.#view.height * 0.5 * k) / 8);
      }
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }
}
