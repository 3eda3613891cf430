/** Boxes of all kinds. Called by registry.ts. */
import { darken, lighten, mix } from '../../color.ts';
import { around, halfOf, radiusOf, type Sprite, sprite } from './sprite.ts';

export const block: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w, -h, 2 * w, 2 * h, Math.min(w, h) * 0.14, look.color);
  pen.box(-w * 0.72, -h * 0.72, w * 1.44, h * 1.44, Math.min(w, h) * 0.1, lighten(look.color, 0.3), {
    depth: 0.5,
    line: 0.5,
    inset: true,
  });
  if (!look.detail) return;
  // A star, not a letter: text would look different, or be missing, with other fonts installed.
  const size = Math.min(w, h);
  const star = Array.from({ length: 10 }, (_, i): [number, number] => {
    const radius = size * (i % 2 === 0 ? 0.52 : 0.22);
    const angle = (i * Math.PI) / 5 - Math.PI / 2;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  });
  pen.poly(star, darken(look.color, 0.25), { depth: 0.3, line: 0.4, inset: true });
}, 0.08);

export const crate: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  const edge = Math.min(w, h) * 0.24;
  pen.box(-w, -h, 2 * w, 2 * h, edge * 0.25, darken(look.color, 0.12));
  const dark = darken(look.color, 0.3);
  for (let i = 1; i < 4; i++)
    pen.line(
      [
        [-w + edge, -h + (i * h) / 2],
        [w - edge, -h + (i * h) / 2],
      ],
      dark,
      edge * 0.14,
    );
  pen.poly(
    [
      [-w + edge * 0.6, h - edge],
      [-w + edge, h - edge * 0.6],
      [w - edge * 0.6, -h + edge],
      [w - edge, -h + edge * 0.6],
    ],
    look.color,
    { depth: 0.5, line: 0.6, inset: true },
  );
  for (const [x, y, bw, bh] of [
    [-w, -h, 2 * w, edge],
    [-w, h - edge, 2 * w, edge],
    [-w, -h, edge, 2 * h],
    [w - edge, -h, edge, 2 * h],
  ] as const) {
    pen.box(x, y, bw, bh, edge * 0.2, lighten(look.color, 0.08), { depth: 0.6, line: 0.6, inset: true });
  }
}, 0.08);

export const brick: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w, -h, 2 * w, 2 * h, Math.min(w, h) * 0.06, look.color);
  const mortar = mix(look.color, '#e8d8c4', 0.6);
  const t = Math.min(w, h) * 0.08;
  pen.line(
    [
      [-w, 0],
      [w, 0],
    ],
    mortar,
    t,
  );
  pen.line(
    [
      [0, -h],
      [0, 0],
    ],
    mortar,
    t,
  );
  pen.line(
    [
      [-w * 0.5, 0],
      [-w * 0.5, h],
    ],
    mortar,
    t,
  );
  pen.line(
    [
      [w * 0.5, 0],
      [w * 0.5, h],
    ],
    mortar,
    t,
  );
}, 0.08);

export const stoneBlock: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w, -h, 2 * w, 2 * h, Math.min(w, h) * 0.16, mix(look.color, '#b9b2ad', pen.random.range(0, 0.5)));
  for (let i = 0; i < 3; i++) {
    pen.ellipse(
      pen.random.range(-w, w) * 0.7,
      pen.random.range(-h, h) * 0.7,
      w * 0.14,
      h * 0.08,
      darken(look.color, 0.25),
      { bare: true, depth: 0, opacity: 0.5, inset: true },
    );
  }
}, 0.08);

export const book: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w, -h, 2 * w, 2 * h, h * 0.1, look.color);
  pen.box(-w * 0.8, -h * 0.78, w * 1.8, h * 1.56, h * 0.06, '#f4ecd8', {
    depth: 0.6,
    line: 0.5,
    inset: true,
  });
  for (let i = -2; i <= 2; i++)
    pen.line(
      [
        [-w * 0.76, i * h * 0.26],
        [w * 0.96, i * h * 0.26],
      ],
      '#d8ccb0',
      h * 0.05,
    );
  pen.box(-w, -h, w * 0.26, 2 * h, h * 0.12, darken(look.color, 0.2), { line: 0.6, inset: true });
}, 0.08);

export const domino: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w, -h, 2 * w, 2 * h, w * 0.4, look.color, { gloss: 0.3 });
  pen.line(
    [
      [-w * 0.6, 0],
      [w * 0.6, 0],
    ],
    darken(look.color, 0.35),
    w * 0.14,
  );
  const dots = Number(look.detail ?? '3');
  for (let i = 0; i < dots; i++) {
    const y = i < (dots + 1) / 2 ? -h * 0.75 + i * h * 0.25 : h * 0.25 + (i - (dots + 1) / 2) * h * 0.25;
    pen.circle(0, y, w * 0.26, lighten(look.color, 0.75), { depth: 0.2, line: 0.4, inset: true });
  }
}, 0.08);

export const plank: Sprite = sprite((pen, shape, look) => {
  const { w, h } = halfOf(shape);
  pen.box(-w, -h, 2 * w, 2 * h, h * 0.4, look.color);
  const dark = darken(look.color, 0.22);
  for (let i = 0; i < 3; i++) {
    const y = pen.random.range(-0.6, 0.6) * h;
    const x = pen.random.range(-0.9, 0.2) * w;
    pen.line(
      [
        [x, y],
        [x + w * pen.random.range(0.3, 0.7), y],
      ],
      dark,
      h * 0.1,
    );
  }
}, 0.08);

export const gift: Sprite = {
  extent: (shape) => around(shape, 0.1, halfOf(shape).h * 0.7),
  draw(pen, shape, look) {
    const { w, h } = halfOf(shape);
    const ribbon = look.accent ?? '#ffd166';
    for (const s of [-1, 1])
      pen.poly(
        [
          [0, -h],
          [s * w * 0.2, -h * 1.6],
          [s * w * 0.65, -h * 1.55],
          [s * w * 0.5, -h * 1.05],
        ],
        ribbon,
        { line: 0.7 },
        true,
      );
    pen.box(-w, -h, 2 * w, 2 * h, w * 0.06, look.color);
    pen.box(-w * 0.14, -h, w * 0.28, 2 * h, 0, ribbon, { depth: 0.5, line: 0.5, inset: true });
    pen.box(-w * 1.06, -h * 1.02, w * 2.12, h * 0.42, w * 0.06, lighten(look.color, 0.12), { line: 0.8 });
    pen.box(-w * 0.14, -h * 1.02, w * 0.28, h * 0.42, 0, lighten(ribbon, 0.1), {
      depth: 0.4,
      line: 0.4,
      inset: true,
    });
  },
};

export const log: Sprite = sprite((pen, shape, look) => {
  const r = radiusOf(shape);
  pen.circle(0, 0, r, darken(look.color, 0.2));
  pen.circle(0, 0, r * 0.8, lighten(look.color, 0.45), { depth: 0.5, line: 0.5, inset: true });
  for (const k of [0.55, 0.32, 0.12]) {
    pen.line(
      Array.from(
        { length: 17 },
        (_, i) => [Math.cos(i * 0.4) * r * k, Math.sin(i * 0.4) * r * k * 0.96] as const,
      ),
      darken(look.color, 0.02),
      r * 0.05,
    );
  }
});
