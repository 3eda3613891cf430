/** Eyes, mouth and cheeks: where the charm is. Unit space of character.ts, its only caller. */
import { darken, mix } from '../../color.ts';
import type { Pen } from '../pen.ts';
import type { Figure } from './character.ts';
import type { Species } from './species.ts';

const inkColor = '#241f2e';

export function drawFace(pen: Pen, f: Figure, s: Species): void {
  drawMouth(pen, f, s);
  const y = s.ears === 'frog' ? -0.4 : -0.2;
  const centre = s.ears === 'frog' ? 0.02 : 0.06;
  const apart = s.ears === 'frog' ? 0.16 : s.extra === 'helmet' ? 0.085 : 0.125;
  if (f.kind === 'monster' || f.kind === 'robot') {
    drawBigEyes(pen, f);
  } else {
    for (const k of [-1, 1] as const) drawEye(pen, f, centre + k * apart, y, k);
  }
  if (s.extra === 'helmet') return;
  for (const k of [-1, 1]) {
    pen.ellipse(0.06 + k * 0.195, -0.095, 0.042, 0.026, '#ff7f8f', {
      depth: 0,
      bare: true,
      opacity: 0.42 * pen.style.fill,
      inset: true,
    });
  }
}

function drawEye(pen: Pen, f: Figure, x: number, y: number, side: -1 | 1): void {
  if (f.pose.blink) {
    pen.line(
      [
        [x - 0.045, y],
        [x, y + 0.02],
        [x + 0.045, y],
      ],
      inkColor,
      0.02,
      true,
    );
    return;
  }
  if (f.pose.cheer) {
    pen.line(
      [
        [x - 0.045, y + 0.02],
        [x, y - 0.03],
        [x + 0.045, y + 0.02],
      ],
      inkColor,
      0.024,
      true,
    );
    return;
  }
  const alien = f.kind === 'alien';
  const onDark = f.kind === 'astronaut';
  const rx = alien ? 0.07 : 0.046;
  const ry = alien ? 0.09 : 0.06;
  if (alien || f.kind === 'frog' || f.kind === 'owl')
    pen.ellipse(x, y, rx * 1.5, ry * 1.35, '#fffdf5', { depth: 0.2, line: 0.5, inset: true }, side * 0.2);
  pen.ellipse(x + 0.006, y, rx, ry, onDark ? '#f7fbff' : inkColor, {
    depth: 0,
    bare: true,
    opacity: 1,
    inset: true,
  });
  if (onDark) return;
  pen.circle(x + 0.02, y - 0.024, 0.018, '#ffffff', { depth: 0, bare: true, opacity: 1, inset: true });
  pen.circle(x - 0.012, y + 0.024, 0.009, '#ffffff', { depth: 0, bare: true, opacity: 0.8, inset: true });
}

function drawBigEyes(pen: Pen, f: Figure): void {
  if (f.kind === 'robot') {
    pen.box(-0.14, -0.33, 0.4, 0.2, 0.08, '#1f2a3a', { gloss: 0.5, line: 0.7, inset: true });
    for (const x of [-0.03, 0.15]) {
      if (f.pose.blink)
        pen.line(
          [
            [x - 0.04, -0.23],
            [x + 0.04, -0.23],
          ],
          '#7df0e0',
          0.025,
        );
      else pen.circle(x, -0.23, 0.048, '#7df0e0', { depth: 0.2, bare: true, opacity: 1, inset: true });
    }
    return;
  }
  pen.circle(0.07, -0.22, 0.14, '#fffdf5', { depth: 0.3, line: 0.7, inset: true });
  if (f.pose.blink)
    pen.line(
      [
        [-0.05, -0.22],
        [0.19, -0.22],
      ],
      darken(f.color, 0.3),
      0.04,
    );
  else {
    pen.circle(0.1, -0.22, 0.075, inkColor, { depth: 0, bare: true, opacity: 1, inset: true });
    pen.circle(0.125, -0.25, 0.025, '#ffffff', { depth: 0, bare: true, opacity: 1, inset: true });
  }
}

function drawMouth(pen: Pen, f: Figure, s: Species): void {
  const open = f.pose.cheer || f.pose.air;
  switch (s.mouth) {
    case 'muzzle':
      pen.ellipse(0.075, -0.09, 0.125, 0.082, f.pale, { depth: 0.4, bare: true, inset: true });
      smile(pen, 0.08, -0.072, 0.05, open);
      pen.ellipse(
        0.085,
        -0.128,
        0.036,
        0.025,
        mix(
          darken(f.color, 0.7),
          '#e8788a',
          f.kind === 'cat' || f.kind === 'rabbit' || f.kind === 'mouse' ? 0.8 : 0,
        ),
        { depth: 0.2, bare: true, opacity: 1, inset: true },
      );
      break;
    case 'beak':
      pen.poly(
        [
          [0.02, -0.14],
          [0.26, -0.1],
          [0.03, -0.045],
        ],
        '#f7a02e',
        { line: 0.7 },
      );
      if (open)
        pen.poly(
          [
            [0.03, -0.07],
            [0.2, -0.03],
            [0.04, -0.01],
          ],
          '#d9742a',
          { line: 0.6 },
        );
      break;
    case 'snout':
      pen.ellipse(0.1, -0.1, 0.115, 0.085, mix(f.pale, '#f79aae', f.kind === 'pig' ? 0.5 : 0.1), {
        line: 0.7,
        inset: true,
      });
      for (const x of [0.065, 0.14])
        pen.ellipse(x, -0.105, 0.016, 0.024, darken(f.color, 0.45), { depth: 0, bare: true, inset: true });
      break;
    case 'trunk':
      pen.line(
        [
          [0.1, -0.12],
          [0.24, -0.04],
          [0.27, 0.1],
          [0.36, f.pose.cheer ? -0.12 : 0.14],
        ],
        darken(f.color, 0.06),
        0.1,
        true,
      );
      break;
    case 'wide':
      smile(pen, 0.07, -0.09, 0.13, open);
      break;
    case 'grille':
      pen.line(
        [
          [-0.03, -0.06],
          [0.17, -0.06],
        ],
        '#33415a',
        0.03,
      );
      break;
    case 'plain':
      if (s.extra !== 'helmet') smile(pen, 0.07, -0.085, 0.055, open);
  }
}

function smile(pen: Pen, x: number, y: number, w: number, open: boolean): void {
  if (open) {
    pen.poly(
      [
        [x - w, y],
        [x + w, y],
        [x + w * 0.6, y + 0.06],
        [x, y + 0.085],
        [x - w * 0.6, y + 0.06],
      ],
      '#8a2f3c',
      { depth: 0.2, line: 0.5, inset: true },
      true,
    );
    return;
  }
  pen.line(
    [
      [x - w, y - 0.004],
      [x - w * 0.4, y + 0.026],
      [x + w * 0.4, y + 0.026],
      [x + w, y - 0.004],
    ],
    inkColor,
    0.017,
    true,
  );
}
