/**
 * What happens to a clip on its way: every attack is a filter graph and an encoder, every screenshot a filter graph and a picture
 * format. Filters are written in ffmpeg's notation. Called by run.ts and test/node/watermark.test.ts.
 */
import { type EncoderChoice, x264 } from './media.ts';

export interface Shape {
  readonly width: number;
  readonly height: number;
}

export interface Attack {
  readonly name: string;
  /** Null for re-encoding alone. */
  readonly filter: ((shape: Shape) => string) | null;
  /** Null: as delivered. */
  readonly encoder: EncoderChoice | null;
  /** Which clips it makes sense for. */
  readonly only?: 'wide';
  /** Frames a second afterwards, if it changes them. */
  readonly fps?: number;
}

const even = (value: number): number => Math.round(value / 2) * 2;
const crf23 = x264(23);
const rotate =
  (degrees: number) =>
  ({ width, height }: Shape): string =>
    `rotate=${degrees}*PI/180:ow=${width}:oh=${height}:c=black`;
const scaled =
  (factor: number) =>
  ({ width, height }: Shape): string =>
    `scale=${even(width * factor)}:${even(height * factor)}`;
const cropped =
  (w: number, h: number, x: number, y: number) =>
  ({ width, height }: Shape): string =>
    `crop=${even(width * w)}:${even(height * h)}:${even(width * x)}:${even(height * y)}`;
const upright = ({ width, height }: Shape): string =>
  `crop=${even((height * 9) / 16)}:${height}:${even(width * 0.36)}:0`;
const keystone = ({ width: w, height: h }: Shape): string =>
  `perspective=x0=${-0.03 * w}:y0=${-0.02 * h}:x1=${1.04 * w}:y1=${0.015 * h}:x2=${0.012 * w}:y2=${1.03 * h}:x3=${0.985 * w}:y3=${1.01 * h}:sense=destination`;

export const attacks: readonly Attack[] = [
  { name: 'as delivered', filter: null, encoder: null },
  ...[23, 28, 33, 38].map((crf) => ({ name: `H.264 CRF ${crf}`, filter: null, encoder: x264(crf) })),
  {
    name: 'HEVC CRF 28',
    filter: null,
    encoder: {
      codec: 'hevc',
      name: 'libx265',
      options: { preset: 'veryfast', crf: '28', 'x265-params': 'log-level=error:pools=1' },
    },
  },
  {
    name: 'AV1 CRF 40',
    filter: null,
    encoder: {
      codec: 'av1',
      name: 'libsvtav1',
      options: { preset: '10', crf: '40', 'svtav1-params': 'lp=1' },
    },
  },
  { name: 'scale ½', filter: scaled(1 / 2), encoder: crf23 },
  { name: 'scale ⅓', filter: scaled(1 / 3), encoder: crf23 },
  { name: 'scale ½, CRF 33', filter: scaled(1 / 2), encoder: x264(33) },
  { name: '15 frames a second', filter: () => 'fps=15', encoder: crf23, fps: 15 },
  { name: 'squeezed to 1:1', filter: () => 'scale=720:720', encoder: crf23 },
  { name: 'crop to 90 %', filter: cropped(0.9, 0.9, 0.03, 0.06), encoder: crf23 },
  { name: 'crop to 75 %', filter: cropped(0.75, 0.75, 0.18, 0.1), encoder: crf23 },
  { name: 'crop width to 75 %', filter: cropped(0.75, 1, 0.1, 0), encoder: crf23 },
  {
    name: 'crop 80 %, ½, CRF 30',
    filter: (shape) =>
      `${cropped(0.8, 0.8, 0.1, 0.12)(shape)},scale=${even(shape.width * 0.4)}:${even(shape.height * 0.4)}`,
    encoder: x264(30),
  },
  { name: '16:9 → 9:16 crop', filter: upright, encoder: crf23, only: 'wide' },
  {
    name: 'letterbox',
    filter: ({ width, height }) =>
      width > height
        ? `pad=${width}:${even(width * 0.75)}:0:(oh-ih)/2`
        : `pad=${even(height * 0.75)}:${height}:(ow-iw)/2:0`,
    encoder: crf23,
  },
  {
    name: 'blurred pillarbox',
    filter: ({ width, height }) =>
      width > height
        ? 'split[a][b];[a]scale=720:1280,gblur=24[c];[b]scale=720:404[d];[c][d]overlay=0:438'
        : 'split[a][b];[a]scale=1280:720,gblur=24[c];[b]scale=404:720[d];[c][d]overlay=438:0',
    encoder: crf23,
  },
  { name: 'rotate 2°', filter: rotate(2), encoder: crf23 },
  { name: 'rotate 5°', filter: rotate(5), encoder: crf23 },
  {
    name: 'colour',
    filter: () => 'eq=contrast=1.25:brightness=0.06:saturation=1.4:gamma=0.9',
    encoder: crf23,
  },
  { name: 'blur', filter: () => 'gblur=sigma=2', encoder: crf23 },
  { name: 'noise', filter: () => 'noise=alls=14:allf=t:all_seed=7', encoder: crf23 },
  { name: 'mirror', filter: () => 'hflip', encoder: crf23 },
  {
    name: 'logo and caption bar',
    filter: ({ width: w, height: h }) =>
      `drawbox=x=${even(w * 0.8)}:y=${even(h * 0.05)}:w=${even(w * 0.14)}:h=${even(h * 0.09)}:color=red:t=fill,` +
      `drawbox=x=0:y=${even(h * 0.8)}:w=${w}:h=${even(h * 0.2)}:color=black:t=fill`,
    encoder: crf23,
  },
  {
    name: 'chain',
    filter: (shape) =>
      `${cropped(0.92, 0.92, 0.05, 0.04)(shape)},scale=${even(shape.width * 0.6)}:${even(shape.height * 0.6)},eq=contrast=1.1:saturation=1.2,fps=20`,
    encoder: x264(32),
    fps: 20,
  },
  { name: 'perspective', filter: keystone, encoder: crf23 },
  {
    name: 're-filmed',
    filter: (shape) =>
      `${keystone(shape)},${rotate(1.5)(shape)},scale=${even(shape.width * 0.8)}:${even(shape.height * 0.8)},gblur=sigma=1,` +
      'eq=contrast=0.9:gamma=1.1,vignette=PI/6,noise=alls=8:allf=t:all_seed=7',
    encoder: x264(26),
  },
];

export interface Screenshot {
  readonly name: string;
  readonly filter: ((shape: Shape) => string) | null;
  /** JPEG quality, or null for a lossless picture. */
  readonly quality: number | null;
}

export const screenshots: readonly Screenshot[] = [
  { name: 'PNG', filter: null, quality: null },
  { name: 'JPEG q50', filter: null, quality: 50 },
  { name: 'JPEG q30', filter: null, quality: 30 },
  { name: '½, JPEG q50', filter: scaled(1 / 2), quality: 50 },
  { name: '⅓, JPEG q60', filter: scaled(1 / 3), quality: 60 },
  { name: '×1.37, JPEG q70', filter: scaled(1.37), quality: 70 },
  { name: 'crop 85 %, JPEG q50', filter: cropped(0.85, 0.85, 0.06, 0.1), quality: 50 },
];
