/** Ears, tails, wings, manes: what tells characters apart. Unit space of character.ts, its only caller. */
import { darken, type Hex, lighten, mix, shift } from '../../color.ts';
import type { Pen } from '../pen.ts';
import type { Figure } from './character.ts';
import type { Species } from './species.ts';

export function drawEars(pen: Pen, f: Figure, s: Species): void {
  const c = f.kind === 'panda' ? ('#33303c' as Hex) : f.color;
  const inner = mix(c, '#f7b4b4', 0.55);
  const both = (draw: (side: -1 | 1) => void): void => {
    draw(-1);
    draw(1);
  };
  switch (s.ears) {
    case 'pointed':
      both((k) => {
        pen.poly(
          [
            [k * 0.26, -0.26],
            [k * 0.235, -0.53],
            [k * 0.05, -0.4],
          ],
          c,
        );
        pen.poly(
          [
            [k * 0.225, -0.32],
            [k * 0.215, -0.46],
            [k * 0.12, -0.39],
          ],
          inner,
          { depth: 0.4, bare: true, inset: true },
        );
      });
      break;
    case 'round':
      both((k) => {
        pen.circle(k * 0.215, -0.385, 0.095, c);
        pen.circle(k * 0.21, -0.38, 0.055, inner, { depth: 0.3, bare: true, inset: true });
      });
      break;
    case 'big':
      both((k) => {
        pen.circle(k * 0.29, -0.33, 0.155, c);
        pen.circle(k * 0.285, -0.325, 0.1, inner, { depth: 0.3, bare: true, inset: true });
      });
      break;
    case 'long':
      both((k) => {
        const lean = f.pose.air ? -0.12 : 0;
        pen.ellipse(k * 0.11 + lean, -0.56, 0.068, 0.23, c, {}, k * 0.16 + lean * 2);
        pen.ellipse(
          k * 0.11 + lean,
          -0.55,
          0.034,
          0.17,
          inner,
          { depth: 0.3, bare: true, inset: true },
          k * 0.16 + lean * 2,
        );
      });
      break;
    case 'floppy':
      both((k) =>
        pen.poly(
          [
            [k * 0.16, -0.43],
            [k * 0.33, -0.42],
            [k * 0.38, -0.16],
            [k * 0.28, -0.08],
            [k * 0.22, -0.26],
          ],
          darken(c, 0.24),
          {},
          true,
        ),
      );
      break;
    case 'tufts':
      both((k) =>
        pen.poly(
          [
            [k * 0.24, -0.3],
            [k * 0.27, -0.5],
            [k * 0.08, -0.41],
          ],
          darken(c, 0.15),
        ),
      );
      break;
    case 'horns':
      both((k) =>
        pen.poly(
          [
            [k * 0.2, -0.34],
            [k * 0.25, -0.52],
            [k * 0.34, -0.58],
            [k * 0.31, -0.42],
            [k * 0.27, -0.3],
          ],
          '#f3e6c8',
          {},
          true,
        ),
      );
      break;
    case 'antenna':
      for (const k of f.kind === 'robot' ? [0] : [-1, 1]) {
        pen.line(
          [
            [k * 0.1, -0.42],
            [k * 0.17, -0.57],
          ],
          darken(c, 0.2),
          0.028,
        );
        pen.circle(k * 0.17, -0.59, 0.045, f.accent, { gloss: 0.6, line: 0.7 });
      }
      break;
    case 'frog':
      both((k) => pen.circle(k * 0.16, -0.4, 0.105, c));
      break;
    case 'none':
  }
}

export function drawTail(pen: Pen, f: Figure, s: Species): void {
  const c = f.color;
  switch (s.tail) {
    case 'curl':
      pen.line(
        [
          [-0.16, 0.36],
          [-0.34, 0.34],
          [-0.38, 0.14],
          [-0.3, 0.06],
        ],
        darken(c, 0.1),
        f.kind === 'pig' ? 0.035 : 0.07,
        true,
      );
      break;
    case 'bushy':
      pen.poly(
        [
          [-0.14, 0.38],
          [-0.36, 0.42],
          [-0.5, 0.2],
          [-0.44, 0.0],
          [-0.3, 0.1],
          [-0.26, 0.26],
        ],
        f.kind === 'unicorn' ? f.accent : c,
        {},
        true,
      );
      if (f.kind === 'fox')
        pen.poly(
          [
            [-0.47, 0.16],
            [-0.45, 0.0],
            [-0.34, 0.08],
            [-0.4, 0.18],
          ],
          '#fff6ea',
          { depth: 0.4, bare: true, inset: true },
          true,
        );
      break;
    case 'thin':
      pen.line(
        [
          [-0.16, 0.36],
          [-0.33, 0.38],
          [-0.42, 0.26],
        ],
        darken(c, 0.15),
        0.04,
        true,
      );
      break;
    case 'spiked':
      pen.poly(
        [
          [-0.1, 0.24],
          [-0.36, 0.34],
          [-0.54, 0.28],
          [-0.58, 0.36],
          [-0.36, 0.46],
          [-0.08, 0.43],
        ],
        c,
        {},
        true,
      );
      break;
    case 'stub':
      pen.circle(-0.22, 0.34, 0.06, f.pale);
      break;
    case 'none':
  }
}

export function drawExtraBehind(pen: Pen, f: Figure, s: Species): void {
  if (s.extra === 'wings') {
    const up = f.pose.air || f.pose.cheer ? -0.16 : 0.1;
    const c = f.kind === 'dragon' ? lighten(f.accent, 0.1) : darken(f.color, 0.12);
    for (const k of [-1, 1]) {
      pen.poly(
        [
          [k * 0.12, 0.1],
          [k * 0.36, up],
          [k * 0.52, up + 0.06],
          [k * 0.42, up + 0.16],
          [k * 0.34, up + 0.2],
          [k * 0.16, 0.28],
        ],
        c,
        {},
        f.kind !== 'dragon',
      );
    }
  }
  if (s.extra === 'mane') {
    const points = Array.from({ length: 18 }, (_, i) => {
      const a = (i / 18) * Math.PI * 2;
      const d = i % 2 ? 0.36 : 0.43;
      return [0.01 + Math.cos(a) * d, -0.2 + Math.sin(a) * d * 0.92] as const;
    });
    pen.poly(points, darken(f.color, 0.35), {}, true);
  }
  if (s.extra === 'spikes' || f.kind === 'dragon') {
    for (let i = 0; i < 4; i++) {
      const y = -0.42 + i * 0.2;
      pen.poly(
        [
          [-0.16 - (i === 0 ? 0 : 0.05), y],
          [-0.36, y + 0.02],
          [-0.18, y + 0.16],
        ],
        f.accent,
        { line: 0.7 },
      );
    }
  }
  if (s.extra === 'shell') pen.ellipse(-0.08, 0.22, 0.3, 0.26, darken(f.color, 0.3), {});
  if (s.extra === 'hair') {
    pen.ellipse(-0.01, -0.26, 0.31, 0.25, hairColor(f), {});
  }
}

export function drawExtraFront(pen: Pen, f: Figure, s: Species): void {
  switch (s.extra) {
    case 'hair': {
      const hair = hairColor(f);
      pen.poly(
        [
          [-0.29, -0.2],
          [-0.24, -0.46],
          [0.04, -0.51],
          [0.27, -0.42],
          [0.3, -0.26],
          [0.12, -0.35],
          [-0.08, -0.33],
          [-0.18, -0.2],
        ],
        hair,
        { line: 0.8, inset: true },
        true,
      );
      break;
    }
    case 'stripes':
      for (const x of [-0.06, 0.02, 0.1])
        pen.line(
          [
            [x, -0.44],
            [x + 0.004, -0.36],
          ],
          darken(f.color, 0.3),
          0.026,
        );
      break;
    case 'mask':
      pen.poly(
        [
          [0.0, -0.34],
          [0.22, -0.32],
          [0.27, -0.12],
          [0.14, 0.0],
          [-0.08, 0.0],
          [-0.16, -0.14],
          [-0.1, -0.3],
        ],
        '#fdfbf5',
        { depth: 0.4, bare: true, inset: true },
        true,
      );
      break;
    case 'patches':
      for (const k of [-1, 1])
        pen.ellipse(
          0.05 + k * 0.125,
          -0.19,
          0.075,
          0.09,
          '#33303c',
          { depth: 0.4, bare: true, inset: true },
          k * 0.4,
        );
      break;
    case 'horn':
      pen.poly(
        [
          [0.03, -0.42],
          [0.12, -0.7],
          [0.16, -0.41],
        ],
        '#ffd97a',
        { gloss: 0.4 },
      );
      pen.poly(
        [
          [-0.24, -0.4],
          [-0.02, -0.5],
          [0.08, -0.44],
          [-0.12, -0.34],
          [-0.22, -0.1],
          [-0.32, -0.06],
          [-0.34, -0.26],
        ],
        f.accent,
        { line: 0.8 },
        true,
      );
      break;
    case 'spots':
      for (const [x, y, r] of [
        [-0.18, -0.32, 0.05],
        [-0.2, -0.14, 0.035],
        [0.2, -0.36, 0.04],
      ] as const) {
        pen.circle(x, y, r, shift(f.color, 40, 1, 1.2), { depth: 0.2, bare: true, inset: true });
      }
      break;
    case 'helmet':
      pen.ellipse(0.06, -0.19, 0.215, 0.18, '#2a4a7c', { gloss: 0.9, inset: true });
      break;
    default:
  }
}

function hairColor(f: Figure): Hex {
  const colors = ['#2e2433', '#5a3825', '#a8602f', '#d9a04a', '#c9c4cc', '#7a2f2a'] as const;
  if (f.kind === 'person' && f.color !== f.accent) return mix(f.color, '#3a2a2a', 0.55);
  return colors[f.kind.length % colors.length] ?? colors[0];
}
