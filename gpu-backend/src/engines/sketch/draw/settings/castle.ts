/** A castle on its hill. */
import { darken, lighten, mix } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { groundPlane, patches, ridge, roundTree, tufts } from './nature.ts';
import type { Setting } from './setting.ts';

function tower(
  pen: Pen,
  x: number,
  y: number,
  w: number,
  h: number,
  stone: `#${string}`,
  roof: `#${string}`,
  lit: boolean,
  flag: `#${string}`,
): void {
  pen.box(x - w / 2, y - h, w, h + 30, 2, stone, { depth: 0.8 });
  pen.poly(
    [
      [x - w * 0.7, y - h + 2],
      [x, y - h - w * 1.3],
      [x + w * 0.7, y - h + 2],
    ],
    roof,
    { depth: 0.9 },
  );
  pen.line(
    [
      [x, y - h - w * 1.28],
      [x, y - h - w * 1.75],
    ],
    darken(stone, 0.4),
    w * 0.06,
  );
  pen.poly(
    [
      [x, y - h - w * 1.75],
      [x + w * 0.55, y - h - w * 1.62],
      [x, y - h - w * 1.46],
    ],
    flag,
    { line: 0.6 },
  );
  for (let k = 0; k < 3; k++)
    pen.box(
      x - w * 0.1,
      y - h + w * (0.35 + k * 0.9),
      w * 0.2,
      w * 0.42,
      w * 0.1,
      lit ? '#ffdf94' : darken(stone, 0.5),
      { depth: 0.1, line: 0.5, inset: true },
    );
}

export const castle: Setting = {
  paint(b) {
    const { palette, unit } = b;
    const lit = b.scene.time !== 'noon';
    ridge(b, {
      depth: 0.06,
      rise: 150,
      swing: 90,
      waves: 1.5,
      jagged: true,
      color: b.hazed(mix(palette.foliage, palette.skyMiddle, 0.4), 0.76),
    });
    b.layer(0.16, b.horizon - 620 * unit, b.horizon + 60 * unit, (pen, width) => {
      const x = width * (b.scene.discAt > 0.5 ? 0.32 : 0.66);
      const base = b.horizon - 92 * unit;
      const stone = b.hazed(lighten(palette.structure, 0.14), 0.34);
      const roof = b.hazed(palette.accents[3], 0.28);
      for (const [dx, w, h] of [
        [-150, 52, 190],
        [150, 52, 210],
        [-62, 58, 280],
        [72, 62, 330],
        [6, 74, 240],
      ] as const)
        tower(pen, x + dx * unit, base, w * unit, h * unit, stone, roof, lit, palette.accents[0]);
      pen.box(x - 150 * unit, base - 92 * unit, 300 * unit, 130 * unit, 2, stone, { depth: 0.6 });
      for (let k = 0; k < 9; k++)
        pen.box(x + (-150 + k * 34.5) * unit, base - 112 * unit, 20 * unit, 24 * unit, 1, stone, {
          depth: 0.4,
          line: 0.6,
          inset: true,
        });
      pen.box(x - 26 * unit, base - 56 * unit, 52 * unit, 90 * unit, 26 * unit, darken(stone, 0.5), {
        depth: 0.3,
        line: 0.7,
        inset: true,
      });
      pen.poly(
        [
          [x - 420 * unit, b.horizon + 60 * unit],
          [x - 230 * unit, base + 16 * unit],
          [x, base],
          [x + 230 * unit, base + 16 * unit],
          [x + 430 * unit, b.horizon + 60 * unit],
        ],
        b.hazed(palette.foliage, 0.42),
        { depth: 0.5 },
        true,
      );
    });
    ridge(b, {
      depth: 0.36,
      rise: 20,
      swing: 16,
      waves: 1.2,
      color: b.hazed(palette.groundFar, 0.2),
      plants: 6,
      plant: (pen, x, y) =>
        roundTree(pen, x, y + 8, pen.random.range(90, 170) * unit, b.hazed(palette.foliage, 0.2)),
    });
    groundPlane(b, (pen, width) =>
      patches(pen, b, width, mix(palette.ground, palette.foliage, 0.5), 26, 150, 0.35),
    );
    b.layer(
      1.35,
      b.height - 110 * unit,
      b.height,
      (pen, width) =>
        tufts(
          pen,
          width,
          b.height + 14 * unit,
          84 * unit,
          mix(palette.foliage, palette.shade, 0.5),
          130 * unit,
        ),
      'front',
    );
  },
};
