/**
 * The head of somebody who is cast: drawn from their parameters, or their photograph, with a mouth that speaks and eyes that blink.
 * Unit space of character.ts, its only caller.
 */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import type { DrawnPortrait } from '#schemas/likeness.ts';
import { asHex, darken, type Hex, luma, mix } from '../../color.ts';
import type { Pen } from '../pen.ts';
import { faceSize, type PortraitArt } from '../portraits.ts';
import { drawHairFront } from './portrait-hair.ts';
import type { Pose } from './sprite.ts';

type Drawn = DrawnPortrait;
type Point = readonly [number, number];

const ink: Hex = '#241f2e';
const eyeY = -0.19;
const eyes = [-0.075, 0.175] as const;

/** The head itself. */
export function drawPortrait(pen: Pen, art: PortraitArt, pose: Pose): void {
  if (art.kind === 'photo') drawPhoto(pen, art.face, pose);
  else drawDrawn(pen, art, pose);
}

function drawDrawn(pen: Pen, art: Drawn, pose: Pose): void {
  const skin = asHex(art.skin);
  for (const x of [-0.27, 0.29]) pen.circle(x, -0.17, 0.058, skin, { line: 0.8 });
  pen.ellipse(0.01, -0.2, 0.285, 0.255, skin, { gloss: luma(skin) < 0.35 ? 0.15 : 0.2 });
  drawBeard(pen, art);
  drawHairFront(pen, art);
  for (const x of eyes) drawEye(pen, art, x, pose);
  pen.line(
    [
      [0.055, -0.16],
      [0.085, -0.115],
      [0.045, -0.105],
    ],
    darken(skin, 0.28),
    0.016,
    true,
  );
  for (const x of [-0.15, 0.23]) {
    pen.ellipse(x, -0.09, 0.048, 0.03, '#ff7f8f', {
      depth: 0,
      bare: true,
      opacity: 0.36 * pen.style.fill,
      inset: true,
    });
  }
  drawMouth(pen, 0.05, -0.055, 0.062, pose);
  if (art.beard === 'moustache' || art.beard === 'full') {
    const hair = asHex(art.hairColor);
    pen.poly(
      [
        [-0.06, -0.062],
        [0.0, -0.098],
        [0.05, -0.085],
        [0.1, -0.098],
        [0.16, -0.062],
        [0.09, -0.068],
        [0.05, -0.072],
        [0.01, -0.068],
      ],
      hair,
      { line: 0.6, inset: true },
      true,
    );
  }
  drawGlasses(pen, art);
}

function drawEye(pen: Pen, art: Drawn, x: number, pose: Pose): void {
  const brow: Point[] = [
    [x - 0.055, eyeY - 0.085],
    [x, eyeY - 0.105],
    [x + 0.055, eyeY - 0.085],
  ];
  pen.line(
    brow,
    art.hair === 'none' ? darken(asHex(art.skin), 0.45) : darken(asHex(art.hairColor), 0.2),
    0.02,
    true,
  );
  if (pose.blink || pose.cheer) {
    const bend = pose.cheer ? -0.03 : 0.02;
    pen.line(
      [
        [x - 0.048, eyeY + (pose.cheer ? 0.015 : 0)],
        [x, eyeY + bend],
        [x + 0.048, eyeY + (pose.cheer ? 0.015 : 0)],
      ],
      ink,
      0.022,
      true,
    );
    return;
  }
  pen.ellipse(x, eyeY, 0.056, 0.062, '#fffdf8', { depth: 0.15, line: 0.6, opacity: 1, inset: true });
  pen.circle(x + 0.01, eyeY + 0.004, 0.038, asHex(art.eyes), {
    depth: 0,
    bare: true,
    opacity: 1,
    inset: true,
  });
  pen.circle(x + 0.01, eyeY + 0.004, 0.02, ink, { depth: 0, bare: true, opacity: 1, inset: true });
  pen.circle(x + 0.022, eyeY - 0.014, 0.011, '#ffffff', { depth: 0, bare: true, opacity: 1, inset: true });
}

/** Closed: a smile. Speaking or cheering: open, the wider the more. */
function drawMouth(pen: Pen, x: number, y: number, w: number, pose: Pose): void {
  const open = Math.max(pose.talk ?? 0, pose.cheer || pose.air ? 2 : 0);
  if (open === 0) {
    pen.line(
      [
        [x - w, y - 0.008],
        [x - w * 0.4, y + 0.02],
        [x + w * 0.4, y + 0.02],
        [x + w, y - 0.008],
      ],
      ink,
      0.018,
      true,
    );
    return;
  }
  const height = 0.016 + open * 0.019;
  pen.ellipse(x, y + height * 0.4, w * (1.05 - open * 0.09), height, '#7c2634', {
    depth: 0.2,
    line: 0.6,
    inset: true,
  });
  if (open > 1) {
    pen.ellipse(x, y + height * 0.85, w * 0.5, height * 0.4, '#e8788a', {
      depth: 0,
      bare: true,
      opacity: 0.9 * pen.style.fill,
      inset: true,
    });
  }
}

function drawBeard(pen: Pen, art: Drawn): void {
  if (art.beard !== 'full' && art.beard !== 'stubble') return;
  const hair = asHex(art.hairColor);
  pen.poly(
    [
      [-0.255, -0.15],
      [-0.2, -0.08],
      [-0.06, -0.1],
      [0.05, -0.115],
      [0.16, -0.1],
      [0.235, -0.08],
      [0.275, -0.15],
      [0.25, -0.01],
      [0.1, 0.085],
      [-0.08, 0.085],
      [-0.23, -0.01],
    ],
    art.beard === 'full' ? hair : mix(asHex(art.skin), hair, 0.35),
    art.beard === 'full' ? { line: 0.7, inset: true } : { depth: 0, bare: true, opacity: 0.55, inset: true },
    true,
  );
}

function drawGlasses(pen: Pen, art: Drawn): void {
  if (art.glasses === 'none') return;
  const color: Hex = '#2b2a33';
  const corners = art.glasses === 'round' ? 16 : 4;
  const turn = art.glasses === 'round' ? 0 : Math.PI / 4;
  const r = art.glasses === 'round' ? 0.092 : 0.118;
  for (const x of eyes) {
    const ring: Point[] = Array.from({ length: corners + 1 }, (_, i) => {
      const a = turn + (i / corners) * Math.PI * 2;
      return [x + Math.cos(a) * r, eyeY + Math.sin(a) * r * (art.glasses === 'round' ? 1 : 0.85)];
    });
    pen.line(ring, color, 0.018, art.glasses === 'round');
  }
  pen.line(
    [
      [eyes[0] + r * (art.glasses === 'round' ? 1 : 0.71), eyeY - 0.01],
      [eyes[1] - r * (art.glasses === 'round' ? 1 : 0.71), eyeY - 0.01],
    ],
    color,
    0.018,
  );
}

/** Where the lips part in a portrait: share of its height. */
const lipLine = 0.7;

function drawPhoto(pen: Pen, face: Canvas, pose: Pose): void {
  const { ctx } = pen;
  pen.ellipse(0.01, -0.2, 0.292, 0.345, '#fffaf0', { depth: 0.2 });
  ctx.save();
  ctx.beginPath();
  ctx.ellipse(0.01, -0.2, 0.28, 0.335, 0, 0, Math.PI * 2);
  ctx.clip();
  drawSpeakingPhoto(ctx, face, -0.34, -0.56, 0.7, pose.talk ?? 0);
  ctx.restore();
}

/** A photograph in a square; speaking stretches it below the lips and opens them. @param talk 0 … 3 */
export function drawSpeakingPhoto(
  ctx: SKRSContext2D,
  face: Canvas,
  left: number,
  top: number,
  size: number,
  talk: number,
): void {
  const upper = faceSize * lipLine;
  const lips = top + size * lipLine;
  const drop = talk * size * 0.014;
  ctx.drawImage(face, 0, 0, faceSize, upper, left, top, size, size * lipLine);
  ctx.drawImage(face, 0, upper, faceSize, faceSize - upper, left, lips, size, size * (1 - lipLine) + drop);
  if (talk === 0) return;
  ctx.beginPath();
  ctx.ellipse(left + size / 2, lips + drop / 2, size * 0.085, drop * 0.75, 0, 0, Math.PI * 2);
  ctx.fillStyle = '#4a1520';
  ctx.fill();
}
