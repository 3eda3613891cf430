/** What lies over the whole picture: vignette and the style's texture, baked into one sheet. Called by painter.ts. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import { alpha } from '../color.ts';
import { createRandom } from '../random.ts';
import type { Palette } from '../scene/scene.ts';
import type { Style } from './style.ts';

export function bakeOverlay(
  style: Style,
  palette: Palette,
  width: number,
  height: number,
  discAt: number,
): Canvas {
  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext('2d');
  if (style.texture === 'paper' || style.texture === 'canvas') {
    ctx.drawImage(
      fibres(
        width,
        height,
        style.textureStrength * (style.texture === 'paper' ? 17 : 14),
        style.texture === 'canvas',
      ),
      0,
      0,
    );
  }
  if (style.texture === 'print') dots(ctx, width, height, style.textureStrength);
  if (style.texture === 'scanlines') {
    ctx.fillStyle = alpha('#000008', 0.17 * style.textureStrength);
    for (let y = 0; y < height; y += 4) ctx.fillRect(0, y, width, 2);
  }
  if (style.texture === 'grid') grid(ctx, width, height);
  if (style.texture === 'board') ctx.drawImage(fibres(width, height, 30, true), 0, 0);
  if (style.bloom > 0.3 && style.shading !== 'none') {
    const g = ctx.createRadialGradient(
      width * discAt,
      height * 0.16,
      0,
      width * discAt,
      height * 0.16,
      Math.max(width, height) * 0.75,
    );
    g.addColorStop(0, alpha(palette.light, 0.15 * style.bloom));
    g.addColorStop(1, alpha(palette.light, 0));
    ctx.fillStyle = g;
    ctx.fillRect(0, 0, width, height);
  }
  const reach = Math.hypot(width, height) / 2;
  const v = ctx.createRadialGradient(
    width / 2,
    height * 0.46,
    reach * 0.52,
    width / 2,
    height * 0.46,
    reach * 1.04,
  );
  v.addColorStop(0, alpha('#0a0618', 0));
  v.addColorStop(1, alpha('#0a0618', style.vignette));
  ctx.fillStyle = v;
  ctx.fillRect(0, 0, width, height);
  return canvas;
}

/** Animated grain for film: one sheet larger than the frame, shown at a new place each frame. */
export function bakeGrain(strength: number, width: number, height: number): Canvas {
  return fibres(width + 128, height + 128, 22 * strength, false);
}

function fibres(width: number, height: number, strength: number, woven: boolean): Canvas {
  const random = createRandom(0x9e3779b9);
  const data = new Uint8ClampedArray(width * height * 4);
  let drift = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      drift = drift * 0.86 + (random.next() - 0.5) * 0.9;
      const weave = woven ? (((x >> 1) + (y >> 1)) % 2 ? 0.3 : -0.3) * 0.6 : 0;
      const v = (random.next() - 0.5) * 0.9 + drift * 0.5 + weave;
      const i = (y * width + x) * 4;
      const tone = v > 0 ? 255 : 20;
      data[i] = tone;
      data[i + 1] = tone;
      data[i + 2] = v > 0 ? 246 : 40;
      data[i + 3] = Math.abs(v) * strength;
    }
  }
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

function dots(ctx: ReturnType<Canvas['getContext']>, width: number, height: number, strength: number): void {
  const tile = createCanvas(12, 12);
  const t = tile.getContext('2d');
  t.fillStyle = alpha('#1a1030', 0.13 * strength);
  for (const [x, y] of [
    [3, 3],
    [9, 9],
  ] as const) {
    t.beginPath();
    t.arc(x, y, 1.7, 0, 7);
    t.fill();
  }
  const pattern = ctx.createPattern(tile, 'repeat');
  if (!pattern) return;
  ctx.fillStyle = pattern;
  ctx.fillRect(0, 0, width, height);
}

function grid(ctx: ReturnType<Canvas['getContext']>, width: number, height: number): void {
  const step = 36;
  for (let i = 0; i * step < Math.max(width, height); i++) {
    ctx.fillStyle = alpha('#dcecff', i % 5 === 0 ? 0.16 : 0.07);
    ctx.fillRect(i * step, 0, 1, height);
    ctx.fillRect(0, i * step, width, 1);
  }
}
