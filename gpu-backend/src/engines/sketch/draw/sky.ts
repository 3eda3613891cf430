/** Sky, sun or moon, stars: the stillest layer. Called by backdrop.ts. */
import { alpha, lighten, mix } from '../color.ts';
import type { BackdropBuilder } from './backdrop.ts';
import type { Pen } from './pen.ts';

export function paintSky(pen: Pen, b: BackdropBuilder, indoors: boolean): void {
  const { ctx, palette } = pen;
  const { width, height, scene } = b;
  const g = ctx.createLinearGradient(0, 0, 0, Math.max(height * 0.5, b.horizon));
  if (pen.style.shading === 'cel' || pen.style.shading === 'flat') {
    // Printed and cut skies come in bands.
    const bands = 5;
    for (let i = 0; i < bands; i++) {
      const t = i / (bands - 1);
      ctx.fillStyle =
        t < 0.5
          ? mix(palette.skyTop, palette.skyMiddle, t * 2)
          : mix(palette.skyMiddle, palette.skyLow, t * 2 - 1);
      const y = (b.horizon * 1.02 * i) / bands;
      ctx.beginPath();
      ctx.moveTo(0, height);
      for (let k = 0; k <= 24; k++) {
        const x = (width * k) / 24;
        ctx.lineTo(x, i === 0 ? 0 : y + Math.sin(k * 0.55 + i * 1.9) * 14 * b.unit);
      }
      ctx.lineTo(width, height);
      ctx.fill();
    }
  } else {
    g.addColorStop(0, palette.skyTop);
    g.addColorStop(0.58, palette.skyMiddle);
    g.addColorStop(1, palette.skyLow);
    ctx.fillStyle = g;
    ctx.fillRect(0, 0, width, height);
  }
  if (indoors) return;
  const dark = scene.time === 'night' || scene.setting === 'space' || scene.setting === 'moon';
  if (dark && scene.setting !== 'underwater') paintStars(pen, b);
  if (scene.setting === 'space') paintNebula(pen, b);
  if (scene.setting === 'underwater') paintShafts(pen, b);
  else if (scene.weather !== 'storm' && scene.weather !== 'fog' && scene.weather !== 'rain')
    paintDisc(pen, b);
}

function paintDisc(pen: Pen, b: BackdropBuilder): void {
  const { palette, style } = pen;
  const { width, scene, unit } = b;
  const x = width * scene.discAt;
  const low = scene.time === 'sunset' || scene.time === 'dawn';
  const y = low ? b.horizon - b.height * (scene.time === 'sunset' ? 0.1 : 0.14) : b.height * 0.17;
  const r = (low ? 78 : scene.time === 'night' ? 46 : 44) * unit;
  pen.glow(x, y, r * (low ? 8 : 6), mix(palette.disc, palette.light, 0.5), 0.5 * style.bloom);
  pen.glow(x, y, r * 2.6, palette.disc, 0.55 * style.bloom);
  pen.circle(x, y, r, palette.disc, { depth: 0.15, line: 0.7 });
  if (scene.time !== 'night') return;
  for (const [dx, dy, s] of [
    [-0.3, -0.2, 0.2],
    [0.25, 0.3, 0.14],
    [0.3, -0.35, 0.1],
    [-0.15, 0.4, 0.12],
  ] as const) {
    pen.circle(x + dx * r, y + dy * r, s * r, mix(palette.disc, palette.skyMiddle, 0.22), {
      depth: 0,
      bare: true,
      inset: true,
    });
  }
}

function paintStars(pen: Pen, b: BackdropBuilder): void {
  const { ctx } = pen;
  const random = b.random.fork('stars');
  for (let i = 0; i < 170; i++) {
    const y = random.next() ** 1.4 * b.horizon;
    const size = random.range(0.6, 2.1) * b.unit * (random.chance(0.07) ? 1.7 : 1);
    ctx.fillStyle = alpha(
      lighten(b.palette.disc, 0.3),
      random.range(0.25, 0.95) * (1 - (y / b.horizon) * 0.6),
    );
    ctx.beginPath();
    ctx.arc(random.next() * b.width, y, size, 0, 7);
    ctx.fill();
  }
}

function paintNebula(pen: Pen, b: BackdropBuilder): void {
  const random = b.random.fork('nebula');
  for (let i = 0; i < 7; i++) {
    const color = b.palette.accents[i % 5] ?? b.palette.disc;
    pen.glow(
      random.next() * b.width,
      random.next() * b.horizon,
      random.range(140, 340) * b.unit,
      color,
      random.range(0.1, 0.24),
    );
  }
}

/** Light falling into water from above. */
function paintShafts(pen: Pen, b: BackdropBuilder): void {
  const { ctx } = pen;
  const random = b.random.fork('shafts');
  ctx.save();
  ctx.globalCompositeOperation = 'lighter';
  for (let i = 0; i < 7; i++) {
    const x = b.width * (0.05 + i * 0.15) + random.range(-30, 30);
    const w = random.range(30, 90) * b.unit;
    const lean = random.range(40, 150) * b.unit;
    const g = ctx.createLinearGradient(0, 0, 0, b.height * 0.8);
    g.addColorStop(0, alpha(b.palette.disc, 0.2));
    g.addColorStop(1, alpha(b.palette.disc, 0));
    ctx.fillStyle = g;
    ctx.beginPath();
    ctx.moveTo(x, 0);
    ctx.lineTo(x + w, 0);
    ctx.lineTo(x + w * 2.2 + lean, b.height * 0.8);
    ctx.lineTo(x + lean, b.height * 0.8);
    ctx.fill();
  }
  ctx.restore();
}
