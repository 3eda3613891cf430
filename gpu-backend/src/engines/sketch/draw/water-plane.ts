/** The still part of a sea: the plane from the horizon to the near water, with the light lying on it. Called by backdrop.ts. */
import { alpha, lighten, mix } from '../color.ts';
import type { BackdropBuilder } from './backdrop.ts';

export function paintWaterPlane(b: BackdropBuilder): void {
  const { palette, scene } = b;
  b.layer(0.3, b.horizon, b.height + 40, (pen, width) => {
    const { ctx } = pen;
    const g = ctx.createLinearGradient(0, b.horizon, 0, b.ground + b.height * 0.1);
    g.addColorStop(0, mix(palette.skyLow, palette.water, 0.38));
    g.addColorStop(0.5, mix(palette.water, palette.skyMiddle, 0.22));
    g.addColorStop(1, palette.water);
    ctx.fillStyle = g;
    ctx.fillRect(0, b.horizon, width, b.height);
    const random = b.random.fork('glints');
    const disc = (width - b.width) / 2 + scene.discAt * b.width;
    for (let i = 0; i < 150; i++) {
      const t = random.next() ** 1.6;
      const y = b.horizon + 3 + t * (b.ground - b.horizon) * 1.6;
      const near = random.chance(0.6);
      const x = near ? disc + random.range(-1, 1) * (22 + t * 120) * b.unit : random.next() * width;
      const w = (6 + t * 46) * b.unit * random.range(0.5, 1.2);
      ctx.fillStyle = near
        ? alpha(palette.disc, 0.55 * (1 - t * 0.6))
        : alpha(lighten(palette.water, 0.35), 0.25);
      ctx.fillRect(x - w / 2, y, w, (1 + t * 2.6) * b.unit);
    }
  });
}
