/**
 * Every character from one body plan: big head, pear-shaped body, features by species. Drawn facing right, one unit high,
 * centred. Called by registry.ts and by sprites that carry passengers.
 */
import { asHex, darken, type Hex, lighten, luma, mix } from '../../color.ts';
import { hashString } from '../../random.ts';
import { naturalColors } from '../../scene/natural-colors.ts';
import { Pen } from '../pen.ts';
import type { PortraitArt } from '../portraits.ts';
import { drawFace } from './character-face.ts';
import { drawEars, drawExtraBehind, drawExtraFront, drawTail } from './character-features.ts';
import { drawPortrait } from './portrait.ts';
import { drawHairBehind } from './portrait-hair.ts';
import { speciesOf } from './species.ts';
import { halfOf, type Pose, type Sprite } from './sprite.ts';

const skins = ['#f3c9a5', '#d99e73', '#a86b45', '#7a4a30', '#f0d0b0'] as const;

/** What the parts of one character share. */
export interface Figure {
  readonly kind: string;
  readonly color: Hex;
  readonly accent: Hex;
  /** Belly and muzzle. */
  readonly pale: Hex;
  /** Head and hands. */
  readonly skin: Hex;
  readonly wide: number;
  readonly pose: Pose;
}

/**
 * Draws a character centred on the context's origin.
 * @param height metres from sole to crown
 */
export function drawCharacter(
  pen: Pen,
  kind: string,
  color: Hex | undefined,
  accentColor: Hex,
  height: number,
  pose: Pose,
  flip: boolean,
): void {
  const species = speciesOf(kind);
  const human = species.extra === 'hair';
  const base = color ?? naturalColors[kind] ?? accentColor;
  const art = pen.people.get(kind);
  const figure: Figure = {
    kind,
    color: base,
    accent: art?.kind === 'drawn' ? asHex(art.shirt) : accentColor,
    pale: mix(base, '#fffaf0', species.pale),
    skin: human ? skinOf(kind, accentColor, art) : base,
    wide: species.wide ?? 1,
    pose,
  };
  const { ctx } = pen;
  ctx.save();
  ctx.scale(flip ? -height : height, height);
  const scaled = new Pen(
    ctx,
    pen.style,
    pen.palette,
    { x: flip ? -pen.light.x : pen.light.x, y: pen.light.y },
    pen.px / height,
    pen.shortSide,
    hashString(kind),
    pen.people,
  );
  drawTail(scaled, figure, species);
  if (art === undefined) drawExtraBehind(scaled, figure, species);
  else drawHairBehind(scaled, art);
  drawLimbsBehind(scaled, figure);
  drawBody(scaled, figure, human);
  if (art === undefined) {
    drawEars(scaled, figure, species);
    drawHead(scaled, figure, kind);
    drawExtraFront(scaled, figure, species);
    drawFace(scaled, figure, species);
  } else drawPortrait(scaled, art, pose);
  drawArmFront(scaled, figure);
  ctx.restore();
}

/** A photograph says nothing of the hands: they take the tone most people's share. */
function skinOf(kind: string, accentColor: Hex, art: PortraitArt | undefined): Hex {
  if (art?.kind === 'drawn') return asHex(art.skin);
  return skins[hashString(`${kind}${accentColor}`) % skins.length] ?? skins[0];
}

function drawLimbsBehind(pen: Pen, f: Figure): void {
  const dark = darken(f.color, 0.16);
  const shoe = f.skin === f.color ? dark : darken(f.accent, 0.45);
  const lift = f.pose.air ? 0.035 : 0;
  const x = f.wide * 0.105;
  if (f.skin !== f.color) {
    pen.line(
      [
        [-x, 0.3],
        [-x - lift, 0.44],
      ],
      darken(f.accent, 0.3),
      0.1,
    );
    pen.line(
      [
        [x, 0.3],
        [x + lift * 1.5, 0.43 - lift],
      ],
      darken(f.accent, 0.3),
      0.1,
    );
  }
  pen.ellipse(-x - lift * 2, 0.455 + lift * 0.4, 0.095, 0.05, shoe, { line: 0.8 }, f.pose.air ? 0.5 : 0);
  pen.ellipse(x + 0.02 + lift * 2, 0.455 - lift, 0.1, 0.05, shoe, { line: 0.8 }, f.pose.air ? -0.3 : 0);
  pen.line(armPoints(f, -1), f.skin === f.color ? dark : darken(f.accent, 0.15), 0.085, true);
}

function armPoints(f: Figure, side: -1 | 1): [number, number][] {
  const shoulder: [number, number] = [side * 0.15 * f.wide, 0.13];
  if (f.pose.cheer) return [shoulder, [side * 0.28 * f.wide, 0.05], [side * 0.3 * f.wide, -0.12]];
  if (f.pose.air) return [shoulder, [side * 0.25 * f.wide, 0.12], [side * 0.31 * f.wide, 0.03]];
  return [shoulder, [side * 0.22 * f.wide, 0.2], [side * 0.2 * f.wide, 0.3]];
}

function drawArmFront(pen: Pen, f: Figure): void {
  pen.line(armPoints(f, 1), f.skin === f.color ? darken(f.color, 0.06) : f.accent, 0.085, true);
  const hand = armPoints(f, 1).at(-1) ?? [0, 0];
  pen.circle(hand[0], hand[1], 0.05, f.skin === f.color ? lighten(f.color, 0.08) : f.skin, { line: 0.6 });
}

function drawBody(pen: Pen, f: Figure, human: boolean): void {
  const w = f.wide;
  const points = [
    [-0.11 * w, 0.02],
    [0.11 * w, 0.02],
    [0.2 * w, 0.2],
    [0.19 * w, 0.38],
    [0.08 * w, 0.45],
    [-0.08 * w, 0.45],
    [-0.19 * w, 0.38],
    [-0.2 * w, 0.2],
  ] as const;
  pen.poly(points, human ? f.accent : f.color, {}, true);
  if (human) {
    pen.line(
      [
        [-0.15 * w, 0.3],
        [0.15 * w, 0.3],
      ],
      lighten(f.accent, 0.4),
      0.03,
    );
    return;
  }
  pen.ellipse(0.03, 0.27, 0.115 * w, 0.14, f.pale, { depth: 0.4, bare: true, inset: true });
}

function drawHead(pen: Pen, f: Figure, kind: string): void {
  if (kind === 'robot') {
    pen.box(-0.26, -0.44, 0.54, 0.46, 0.1, f.color, { gloss: 0.6 });
    return;
  }
  pen.ellipse(0.01, -0.2, 0.285 * Math.sqrt(f.wide), 0.25, f.skin, {
    gloss: luma(f.skin) < 0.35 ? 0.15 : 0.2,
  });
}

/** A character filling its body's box. */
export const character: Sprite = {
  posed: true,
  extent(shape) {
    const h = halfOf(shape).h * 2;
    return { left: -h * 0.62, right: h * 0.62, top: -h * 0.92, bottom: h * 0.56 };
  },
  draw(pen, shape, look, pose) {
    drawCharacter(
      pen,
      look.detail ?? 'person',
      look.color,
      look.accent ?? '#5b7fe8',
      halfOf(shape).h * 2,
      pose,
      look.flip === true,
    );
  },
};
