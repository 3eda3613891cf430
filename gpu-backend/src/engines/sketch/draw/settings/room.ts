/** A room: papered wall, a window with the hour in it, shelf, lamp, floor boards. */
import { darken, lighten, mix } from '../../color.ts';
import { groundPlane } from './nature.ts';
import type { Setting } from './setting.ts';

export const room: Setting = {
  indoors: true,
  paint(b) {
    const { palette, unit, scene } = b;
    const night = scene.time === 'night';
    const wall = mix(mix(palette.structure, palette.accents[2], 0.2), palette.shade, night ? 0.45 : 0.06);
    b.layer(0.34, Math.min(0, b.horizon - b.height), b.horizon + 40 * unit, (pen, width) => {
      pen.box(-20, -b.height, width + 40, b.horizon + b.height + 40 * unit, 0, wall, {
        depth: 0.55,
        bare: true,
      });
      const kind = b.random.int(0, 2);
      for (let x = 0; x < width; x += 66 * unit) {
        if (kind === 0)
          pen.box(x, -b.height, 30 * unit, b.horizon + b.height, 0, lighten(wall, 0.07), {
            depth: 0,
            bare: true,
            inset: true,
            opacity: 0.6 * pen.style.fill,
          });
        else {
          for (let y = b.horizon - b.height; y < b.horizon - 120 * unit; y += 92 * unit) {
            const px = x + (Math.round(y / (92 * unit)) % 2 ? 33 * unit : 0);
            if (kind === 1)
              pen.circle(px, y, 8 * unit, lighten(wall, 0.14), {
                depth: 0,
                bare: true,
                inset: true,
                opacity: 0.7 * pen.style.fill,
              });
            else
              pen.poly(
                [
                  [px, y - 13 * unit],
                  [px + 8 * unit, y],
                  [px, y + 13 * unit],
                  [px - 8 * unit, y],
                ],
                lighten(wall, 0.12),
                { depth: 0, bare: true, inset: true, opacity: 0.7 * pen.style.fill },
              );
          }
        }
      }
      for (let x = width * 0.5 - b.width * 0.32; x < width; x += 1250 * unit) {
        const w = 235 * unit;
        const h = Math.min(310 * unit, b.horizon * 0.42);
        const y = b.horizon - b.height * 0.3 - h * 0.62;
        pen.box(
          x - 16 * unit,
          y - 16 * unit,
          w + 32 * unit,
          h + 32 * unit,
          6 * unit,
          lighten(palette.structure, 0.45),
        );
        const { ctx } = pen;
        const g = ctx.createLinearGradient(0, y, 0, y + h);
        g.addColorStop(0, palette.skyTop);
        g.addColorStop(0.6, palette.skyMiddle);
        g.addColorStop(1, palette.skyLow);
        ctx.fillStyle = g;
        ctx.fillRect(x, y, w, h);
        pen.circle(x + w * 0.68, y + h * 0.34, 26 * unit, palette.disc, {
          depth: 0.1,
          bare: true,
          inset: true,
        });
        pen.poly(
          [
            [x, y + h],
            [x, y + h * 0.78],
            [x + w * 0.4, y + h * 0.66],
            [x + w, y + h * 0.82],
            [x + w, y + h],
          ],
          mix(palette.foliage, palette.haze, 0.4),
          { depth: 0.2, line: 0.5, inset: true },
        );
        pen.line(
          [
            [x + w / 2, y],
            [x + w / 2, y + h],
          ],
          lighten(palette.structure, 0.45),
          9 * unit,
        );
        pen.line(
          [
            [x, y + h * 0.5],
            [x + w, y + h * 0.5],
          ],
          lighten(palette.structure, 0.45),
          9 * unit,
        );
        if (!night) pen.glow(x + w / 2, y + h / 2, w * 1.5, palette.light, 0.22 * b.style.bloom);
        for (const k of [-1, 1]) {
          const cx = k < 0 ? x - 26 * unit : x + w + 26 * unit;
          pen.poly(
            [
              [cx - 30 * unit, y - 30 * unit],
              [cx + 30 * unit, y - 30 * unit],
              [cx + (k < 0 ? 14 : 34) * unit, y + h + 44 * unit],
              [cx - (k < 0 ? 34 : 14) * unit, y + h + 44 * unit],
            ],
            palette.accents[0],
            { depth: 0.8, line: 0.7 },
          );
        }
        const sx = x + w + 130 * unit;
        for (const [row, sy] of [b.horizon - b.height * 0.36, b.horizon - b.height * 0.25].entries()) {
          pen.box(sx, sy, 230 * unit, 12 * unit, 2, '#9c6a42');
          for (let k = 0; k < 8; k++) {
            const bh = pen.random.range(46, 78) * unit;
            pen.box(
              sx + (10 + k * 25) * unit,
              sy - bh,
              21 * unit,
              bh,
              2,
              palette.accents[(k + row) % 5] ?? '#f2545b',
              { depth: 0.5, line: 0.6 },
            );
          }
        }
      }
      pen.box(-20, b.horizon - 26 * unit, width + 40, 28 * unit, 0, lighten(palette.structure, 0.4), {
        depth: 0.3,
        line: 0.6,
      });
    });
    groundPlane(b, (pen, width) => {
      for (let i = -20; i < 44; i++) {
        const x = (i / 22) * width;
        pen.line(
          [
            [width / 2 + (x - width / 2) * 0.85, b.horizon + 3],
            [width / 2 + (x - width / 2) * 1.5, b.height + 60 * unit],
          ],
          darken(palette.ground, 0.16),
          2.5 * unit,
        );
      }
      pen.ellipse(width / 2, b.ground + 74 * unit, 330 * unit, 60 * unit, palette.accents[1], {
        depth: 0.2,
        line: 0.6,
        opacity: 0.8 * pen.style.fill,
        inset: true,
      });
      pen.ellipse(width / 2, b.ground + 74 * unit, 270 * unit, 46 * unit, lighten(palette.accents[1], 0.3), {
        depth: 0.1,
        line: 0.4,
        opacity: 0.8 * pen.style.fill,
        inset: true,
      });
    });
  },
};
