/** Faces that belong to nobody: painted from ellipses and gradients, plain enough for the models to see persons in them. Called by make.ts. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Image } from './raster.ts';

export interface Person {
  readonly skin: string;
  readonly light: string;
  readonly dark: string;
  readonly hair: string;
  readonly lips: string;
  readonly wall: string;
  readonly beard: boolean;
  /** Half the width of the skull; half the distance of the eyes. */
  readonly width: number;
  readonly eyes: number;
}

export const painted = {
  ada: {
    skin: '#e0b090',
    light: '#f2cfb4',
    dark: '#a06c50',
    hair: '#6b3a1e',
    lips: '#b5524c',
    wall: '#8d9aa8',
    beard: false,
    width: 104,
    eyes: 43,
  },
  bo: {
    skin: '#a8734f',
    light: '#c58f68',
    dark: '#5d3a26',
    hair: '#17120f',
    lips: '#7c3f35',
    wall: '#5d6f63',
    beard: true,
    width: 118,
    eyes: 48,
  },
} as const satisfies Record<string, Person>;

type Stop = readonly [at: number, color: string];

function glow(
  context: SKRSContext2D,
  x: number,
  y: number,
  rx: number,
  ry: number,
  stops: readonly Stop[],
): void {
  context.save();
  context.translate(x, y);
  context.scale(1, ry / rx);
  const gradient = context.createRadialGradient(0, 0, 0, 0, 0, rx);
  for (const [at, color] of stops) gradient.addColorStop(at, color);
  context.fillStyle = gradient;
  context.beginPath();
  context.arc(0, 0, rx, 0, 2 * Math.PI);
  context.fill();
  context.restore();
}

/** Head and shoulders, facing the camera. */
export function paintPerson(person: Person, width: number, height: number): Image {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const { skin, light, dark, hair, lips, width: half, eyes: gap } = person;
  context.fillStyle = person.wall;
  context.fillRect(0, 0, width, height);
  context.translate(width / 2, height * 0.52);
  context.scale(height / 480, height / 480);
  const shade = (x: number, y: number, rx: number, ry: number, color: string): void =>
    glow(context, x, y, rx, ry, [
      [0, color],
      [1, color.slice(0, 7).concat('00')],
    ]);
  if (!person.beard) {
    context.fillStyle = hair;
    context.beginPath();
    context.ellipse(0, 10, half + 48, 200, 0, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = '#2b3550';
  context.beginPath();
  context.ellipse(0, 300, 210, 130, 0, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = dark;
  context.fillRect(-55, 90, 110, 110);
  glow(context, -half - 4, 5, 22, 38, [
    [0, skin],
    [1, dark],
  ]);
  glow(context, half + 4, 5, 22, 38, [
    [0, skin],
    [1, dark],
  ]);
  // Skull, face, and the shadow of its sides.
  context.save();
  context.beginPath();
  context.ellipse(0, -15, half, 152, 0, 0, 2 * Math.PI);
  context.clip();
  context.fillStyle = skin;
  context.fillRect(-200, -250, 400, 500);
  shade(0, -60, 110, 80, `${light}cc`);
  shade(-half, 0, 60, 160, `${dark}cc`);
  shade(half, 0, 60, 160, `${dark}dd`);
  // Hair line and beard.
  context.fillStyle = hair;
  context.beginPath();
  context.ellipse(0, -165, half + 7, person.beard ? 62 : 78, 0, 0, 2 * Math.PI);
  context.fill();
  if (person.beard) {
    shade(-100, 85, 55, 90, `${hair}ee`);
    shade(100, 85, 55, 90, `${hair}ee`);
    shade(0, 128, 100, 48, `${hair}ff`);
    shade(0, 118, 80, 40, `${hair}ff`);
    shade(0, 58, 48, 16, `${hair}ee`);
  }
  if (!person.beard) {
    // A parting: hair falls over the temples.
    for (const s of [-1, 1]) {
      context.beginPath();
      context.ellipse(s * (half + 4), -110, 34, 105, s * 0.3, 0, 2 * Math.PI);
      context.fillStyle = hair;
      context.fill();
    }
    shade(-58, 40, 36, 26, '#e5806a77');
    shade(58, 40, 36, 26, '#e5806a77');
  }
  context.restore();
  // Sockets, brows, eyes.
  for (const s of [-1, 1]) {
    context.save();
    context.translate(s * (gap - 48), 0);
    shade(s * 47, -30, 42, 24, `${dark}bb`);
    context.strokeStyle = hair;
    context.lineWidth = person.beard ? 11 : 6;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(s * 22, -49);
    context.quadraticCurveTo(s * 50, -64, s * 78, -46);
    context.stroke();
    context.fillStyle = '#ece6de';
    context.beginPath();
    context.moveTo(s * 27, -24);
    context.quadraticCurveTo(s * 47, -42, s * 69, -24);
    context.quadraticCurveTo(s * 47, -13, s * 27, -24);
    context.fill();
    glow(context, s * 48, -27, 9.5, 9.5, [
      [0, '#0c0806'],
      [0.5, '#0c0806'],
      [0.6, '#3c2415'],
      [1, '#2a180e'],
    ]);
    context.strokeStyle = '#1c120c';
    context.lineWidth = 3;
    context.beginPath();
    context.moveTo(s * 26, -23);
    context.quadraticCurveTo(s * 47, -43, s * 70, -24);
    context.stroke();
    shade(s * 45, 12, 30, 26, `${light}66`);
    context.restore();
  }
  // Nose.
  shade(-17, 0, 10, 42, `${dark}99`);
  shade(17, 0, 10, 42, `${dark}99`);
  shade(0, 10, 13, 40, `${light}cc`);
  shade(0, 24, 22, 15, `${light}cc`);
  shade(-15, 34, 9, 6, '#3a2015ee');
  shade(15, 34, 9, 6, '#3a2015ee');
  // Lips.
  context.fillStyle = lips;
  context.beginPath();
  context.moveTo(-40, 77);
  context.quadraticCurveTo(-16, 66, 0, 71);
  context.quadraticCurveTo(16, 66, 40, 77);
  context.quadraticCurveTo(0, 82, -40, 77);
  context.fill();
  context.fillStyle = lips;
  context.beginPath();
  context.moveTo(-40, 77);
  context.quadraticCurveTo(0, 82, 40, 77);
  context.quadraticCurveTo(0, 104, -40, 77);
  context.fill();
  context.strokeStyle = '#2c1310';
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(-40, 77);
  context.quadraticCurveTo(0, 83, 40, 77);
  context.stroke();
  return { width, height, data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data) };
}
