/**
 * Likenesses ready to be drawn: parameters as they are, photographs loaded and cut to a soft oval once. Called by the drawing thread
 * before anything is painted.
 */
import { type Canvas, createCanvas, loadImage } from '@napi-rs/canvas';
import type { DrawnPortrait } from '#schemas/likeness.ts';
import type { ScenePerson } from '../scene/scene.ts';

export type PortraitArt = DrawnPortrait | { readonly kind: 'photo'; readonly face: Canvas };

/** Pixels; portraits come as 512 × 512. */
export const faceSize = 384;

/**
 * @returns by the kind of the person's subject
 * @throws if a photograph cannot be read
 */
export async function loadPortraits(
  people: readonly ScenePerson[],
): Promise<ReadonlyMap<string, PortraitArt>> {
  const arts = await Promise.all(
    people.map(
      async ({ kind, portrait }): Promise<[string, PortraitArt]> => [
        kind,
        portrait.kind === 'drawn' ? portrait : { kind: 'photo', face: await cutFace(portrait.path) },
      ],
    ),
  );
  return new Map(arts);
}

/** The middle of the photograph in an oval whose edge fades. */
async function cutFace(path: string): Promise<Canvas> {
  const photo = await loadImage(path);
  const canvas = createCanvas(faceSize, faceSize);
  const ctx = canvas.getContext('2d');
  ctx.drawImage(photo, 0, 0, faceSize, faceSize);
  ctx.globalCompositeOperation = 'destination-in';
  ctx.translate(faceSize / 2, faceSize / 2);
  ctx.scale(0.8, 1);
  const fade = ctx.createRadialGradient(0, 0, faceSize * 0.4, 0, 0, faceSize * 0.5);
  fade.addColorStop(0, '#000f');
  fade.addColorStop(1, '#0000');
  ctx.fillStyle = fade;
  ctx.fillRect(-faceSize, -faceSize, faceSize * 2, faceSize * 2);
  return canvas;
}
