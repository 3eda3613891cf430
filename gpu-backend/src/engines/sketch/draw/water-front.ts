/** Near water over the hulls of what floats: the same surface the physics uses, translucent, with foam and glints. Called by painter.ts. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { alpha, lighten, mix } from '../color.ts';
import type { WaterSurface } from '../physics/performance.ts';
import { waterHeight } from '../physics/water.ts';
import type { Palette } from '../scene/scene.ts';
import type { Style } from './style.ts';
import type { CameraState, View } from './view.ts';

/**
 * @param sheet 0 lies behind the boats, 1 at their waterline, 2 before them
 */
export function drawWater(
  ctx: SKRSContext2D,
  style: Style,
  palette: Palette,
  view: View,
  camera: CameraState,
  water: WaterSurface,
  time: number,
  sheet: 0 | 1 | 2,
): void {
  const scale = view.ppm * camera.zoom;
  const offset = sheet === 0 ? 0.34 : sheet === 1 ? 0 : -0.72;
  const lag = sheet === 0 ? -3.1 : sheet === 1 ? 0 : 4.3;
  const swell = sheet === 2 ? 1.12 : sheet === 0 ? 0.7 : 1;
  const yAt = (px: number): number => {
    const x = camera.x + (px - view.anchorX) / scale;
    const h = water.level + (waterHeight(water, x + lag, time) - water.level) * swell;
    return view.anchorY - (h + offset - camera.y) * scale;
  };
  const step = 14;
  const top = view.anchorY - (water.level + offset - camera.y) * scale;
  const base =
    sheet === 0
      ? mix(palette.water, palette.skyMiddle, 0.3)
      : sheet === 1
        ? palette.water
        : mix(palette.water, palette.shade, 0.34);
  ctx.beginPath();
  ctx.moveTo(-step, view.height + 4);
  for (let px = -step; px <= view.width + step; px += step) ctx.lineTo(px, yAt(px));
  ctx.lineTo(view.width + step, view.height + 4);
  ctx.closePath();
  if (style.shading === 'none') {
    ctx.fillStyle = alpha(style.color(base), 0.22);
  } else if (style.shading === 'flat' || style.shading === 'cel') {
    ctx.fillStyle = alpha(style.color(base), sheet === 1 ? 0.9 : 1);
  } else {
    const g = ctx.createLinearGradient(0, top - 40, 0, view.height);
    g.addColorStop(0, alpha(lighten(base, 0.12), sheet === 1 ? 0.8 : 0.94));
    g.addColorStop(0.3, alpha(base, 0.95));
    g.addColorStop(1, alpha(mix(base, palette.shade, 0.5), 1));
    ctx.fillStyle = g;
  }
  ctx.fill();
  // The crest catches the light.
  ctx.beginPath();
  for (let px = -step; px <= view.width + step; px += step) ctx.lineTo(px, yAt(px) + 1.5);
  ctx.lineWidth = (sheet === 2 ? 5 : 3.4) * view.unit;
  ctx.strokeStyle =
    style.shading === 'none'
      ? style.outlineColor(style.color(lighten(base, 0.4)))
      : alpha(mix(lighten(base, 0.55), palette.light, 0.4), sheet === 0 ? 0.5 : 0.75);
  ctx.stroke();
  if (sheet === 0) return;
  ctx.lineWidth = 2.2 * view.unit;
  ctx.strokeStyle = alpha(lighten(base, 0.5), 0.28);
  ctx.beginPath();
  for (let i = 0; i < 14; i++) {
    const world = Math.floor(camera.x / 2) * 2 + (i - 7) * 1.3 + ((i * 37) % 10) / 10;
    const px = view.anchorX + (world - camera.x) * scale + Math.sin(time * 0.8 + i) * 12;
    const py = yAt(px) + (26 + ((i * 53) % 90)) * view.unit * (sheet === 2 ? 1.2 : 0.8);
    const w = (18 + ((i * 29) % 40)) * view.unit;
    ctx.moveTo(px - w, py);
    ctx.quadraticCurveTo(px, py - 6 * view.unit, px + w, py);
  }
  ctx.stroke();
}
