/** Hair of somebody who is cast, behind the head and in front of it. Unit space of character.ts; called by it and by portrait.ts. */
import type { DrawnPortrait } from '#schemas/likeness.ts';
import { asHex, lighten } from '../../color.ts';
import type { Pen } from '../pen.ts';
import type { PortraitArt } from '../portraits.ts';

/** What lies behind head and shoulders. */
export function drawHairBehind(pen: Pen, art: PortraitArt): void {
  if (art.kind === 'photo') return;
  const hair = asHex(art.hairColor);
  switch (art.hair) {
    case 'none':
    case 'mohawk':
      return;
    case 'long':
      pen.poly(
        [
          [-0.3, -0.34],
          [0.02, -0.53],
          [0.33, -0.32],
          [0.37, 0.02],
          [0.3, 0.2],
          [-0.28, 0.2],
          [-0.36, 0.02],
        ],
        hair,
        {},
        true,
      );
      return;
    case 'bob':
      pen.ellipse(0.01, -0.19, 0.36, 0.31, hair, {});
      return;
    case 'curly':
      for (let i = 0; i < 11; i++) {
        const a = Math.PI * (0.86 + (i / 10) * 1.28);
        pen.circle(0.01 + Math.cos(a) * 0.3, -0.2 + Math.sin(a) * 0.28, 0.115, hair, { line: 0.7 });
      }
      return;
    case 'bun':
      pen.circle(0, -0.53, 0.12, hair);
      pen.ellipse(0, -0.26, 0.31, 0.25, hair, {});
      return;
    case 'braids':
      for (const side of [-1, 1] as const) {
        for (let i = 0; i < 4; i++)
          pen.ellipse(side * (0.3 + i * 0.012), -0.08 + i * 0.095, 0.062, 0.062, hair, { line: 0.8 });
        pen.circle(side * 0.34, 0.27, 0.03, lighten(asHex(art.shirt), 0.2), { line: 0.6 });
      }
      pen.ellipse(0, -0.26, 0.31, 0.25, hair, {});
      return;
    case 'short':
      pen.ellipse(-0.005, -0.26, 0.31, 0.25, hair, {});
  }
}

/** What falls over the forehead. */
export function drawHairFront(pen: Pen, art: DrawnPortrait): void {
  const hair = asHex(art.hairColor);
  const paint = { line: 0.8, inset: true } as const;
  switch (art.hair) {
    case 'none':
      return;
    case 'mohawk':
      pen.poly(
        [
          [-0.09, -0.4],
          [-0.1, -0.58],
          [-0.02, -0.53],
          [0.02, -0.64],
          [0.08, -0.53],
          [0.15, -0.57],
          [0.13, -0.4],
          [0.02, -0.36],
        ],
        hair,
        paint,
      );
      return;
    case 'curly':
      for (const [x, y] of [
        [-0.2, -0.38],
        [-0.09, -0.44],
        [0.03, -0.46],
        [0.15, -0.43],
        [0.24, -0.36],
      ] as const)
        pen.circle(x, y, 0.085, hair, { line: 0.7, inset: true });
      return;
    case 'bob':
    case 'braids':
      pen.poly(
        [
          [-0.3, -0.2],
          [-0.26, -0.44],
          [0.02, -0.5],
          [0.28, -0.42],
          [0.32, -0.2],
          [0.24, -0.33],
          [0.02, -0.315],
          [-0.2, -0.33],
        ],
        hair,
        paint,
        true,
      );
      return;
    default:
      pen.poly(
        [
          [-0.29, -0.2],
          [-0.25, -0.46],
          [0.04, -0.52],
          [0.27, -0.43],
          [0.3, -0.24],
          [0.16, -0.37],
          [-0.06, -0.33],
          [-0.2, -0.22],
        ],
        hair,
        paint,
        true,
      );
  }
}
