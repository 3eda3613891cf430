/** Clouds in two drifting layers; their shape and number follow the weather. Called by backdrop.ts. */
import { createCanvas } from '@napi-rs/canvas';
import { darken, lighten, mix } from '../color.ts';
import type { BackdropBuilder, Layer } from './backdrop.ts';
import { Pen } from './pen.ts';

const counts = { clear: 3, rain: 8, snow: 6, fog: 5, wind: 5, storm: 10 } as const;

export function cloudLayers(b: BackdropBuilder): Layer[] {
  const { scene, palette, style } = b;
  const heavy = scene.weather === 'rain' || scene.weather === 'storm';
  const starry = scene.time === 'night' && !heavy;
  const layers: Layer[] = [];
  for (const [index, depth] of [0.04, 0.1].entries()) {
    const random = b.random.fork(`clouds${index}`);
    const width = Math.round(b.width * 1.7);
    const height = Math.round(Math.max(80, b.horizon * 0.78));
    const canvas = createCanvas(width, height);
    const pen = new Pen(
      canvas.getContext('2d'),
      style,
      palette,
      b.light,
      1,
      Math.min(b.width, b.height),
      random.int(0, 1 << 30),
    );
    const color = heavy
      ? mix(darken(palette.skyMiddle, 0.15), '#3c4356', scene.weather === 'storm' ? 0.5 : 0.2)
      : mix(lighten(palette.skyLow, 0.5), palette.light, 0.35);
    const count = starry ? 2 : counts[scene.weather];
    for (let i = 0; i < count; i++) {
      const y = height * (heavy ? random.range(0.02, 0.5) : random.range(0.12, 0.85));
      const s = b.unit * random.range(0.6, 1.25) * (0.6 + depth * 7) * (1.15 - y / height / 1.6);
      pen.ctx.globalAlpha = starry ? 0.2 : heavy ? 0.9 : 0.55 + depth * 3;
      cloud(pen, ((i + random.next()) / count) * width, y, s * 92, color, random.int(3, 6));
    }
    const wind = scene.wind === 0 ? 0.4 : scene.wind;
    layers.push({
      canvas,
      depth,
      x: wind > 0 ? -b.width * 0.6 : -b.width * 0.1,
      y: 0,
      drift: wind * (2 + index * 2.5) * b.unit,
    });
  }
  return layers;
}

/** One cloud as a single outline: a flat base and a row of bulges. */
function cloud(pen: Pen, x: number, y: number, size: number, color: `#${string}`, bulges: number): void {
  const points: [number, number][] = [[-size * 1.15, 0]];
  for (let i = 0; i < bulges; i++) {
    const t = (i + 0.5) / bulges;
    const h = Math.sin(t * Math.PI) * size * 0.62 + size * 0.16;
    points.push(
      [size * (-1.05 + t * 2.1) - size * 0.2, -h],
      [size * (-1.05 + t * 2.1) + size * 0.16, -h * pen.random.range(0.9, 1.12)],
    );
  }
  points.push([size * 1.15, 0], [size * 0.9, size * 0.14], [-size * 0.9, size * 0.14]);
  pen.ctx.save();
  pen.ctx.translate(x, y);
  pen.poly(points, color, { depth: 0.7, line: 0.6, inset: true }, true);
  pen.ctx.restore();
}
