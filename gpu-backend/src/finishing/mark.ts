/**
 * The visible mark: "kinora · @handle", small, with a soft shadow, moving to another corner every few seconds so that no crop
 * removes it. Always visible: while it moves, both places show it and their opacities add up to one. Blended straight into
 * the frame before encoding. Called by finish.ts.
 */
import { createCanvas, Path2D } from '@napi-rs/canvas';
import { glyphs } from './mark-glyphs.ts';

const dwellSeconds = 3.2;
const crossfadeSeconds = 0.5;
/** Diagonals first, so that two neighbouring crops cannot avoid it. */
const corners = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 0],
] as const;

export class VisibleMark {
  readonly #frameWidth: number;
  readonly #frameHeight: number;
  readonly #width: number;
  readonly #height: number;
  readonly #sprite: Uint8ClampedArray;

  /** @param handle the creator's handle without "@". */
  constructor(frameWidth: number, frameHeight: number, handle: string) {
    this.#frameWidth = frameWidth;
    this.#frameHeight = frameHeight;
    const scale = Math.min(frameWidth, frameHeight) / 640;
    const text = `kinora · @${handle.toLowerCase()}`;
    const spacing = 4.4;
    const letters = [...text].map((letter) => glyphs[letter] ?? glyphs['-'] ?? { path: '', width: 5 });
    const advance = letters.reduce((sum, glyph) => sum + glyph.width + spacing, 0);
    // A long handle is drawn narrower rather than across the picture.
    const fit = Math.min(1, (frameWidth * 0.55) / (advance * scale));
    const pad = 9;
    this.#width = Math.ceil((advance + 2 * pad) * scale * fit);
    this.#height = Math.ceil((22 + 2 * pad) * scale * fit);
    const context = createCanvas(this.#width, this.#height).getContext('2d');
    context.scale(scale * fit, scale * fit);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    for (const pass of ['shadow', 'letters'] as const) {
      context.save();
      context.translate(pad, pad + 15.5);
      context.lineWidth = pass === 'shadow' ? 4.2 : 2;
      context.strokeStyle = pass === 'shadow' ? 'rgba(0, 0, 0, 0.3)' : 'rgba(255, 255, 255, 0.86)';
      if (pass === 'shadow') {
        context.shadowColor = 'rgba(0, 0, 0, 0.45)';
        context.shadowBlur = 5 * scale;
      }
      for (const glyph of letters) {
        context.stroke(new Path2D(glyph.path));
        context.translate(glyph.width + spacing, 0);
      }
      context.restore();
    }
    this.#sprite = context.getImageData(0, 0, this.#width, this.#height).data;
  }

  /** Draws the mark into RGBA pixels as it stands `seconds` into the clip. */
  draw(pixels: Uint8Array, seconds: number): void {
    const turn = Math.floor(seconds / dwellSeconds);
    const into = seconds - turn * dwellSeconds;
    const arriving = turn === 0 ? 1 : Math.min(1, into / crossfadeSeconds);
    this.#blend(pixels, turn, into, arriving);
    if (arriving < 1) this.#blend(pixels, turn - 1, into + dwellSeconds, 1 - arriving);
  }

  #blend(pixels: Uint8Array, turn: number, into: number, opacity: number): void {
    const [right, bottom] = corners[turn % corners.length] ?? corners[0];
    const margin = Math.round(Math.min(this.#frameWidth, this.#frameHeight) * 0.03);
    // An upright clip is watched with controls over its top and its caption over its bottom, and a tall phone cuts a tenth off
    // either side: the mark stays inside all of that.
    const upright = this.#frameHeight > this.#frameWidth;
    const aside = upright ? Math.round(this.#frameWidth * 0.11) : margin;
    // A slow drift inside the corner keeps it from being a fixed rectangle to paint over.
    const drift = Math.round(into * 3);
    const x0 = right ? this.#frameWidth - this.#width - aside - drift : aside + drift;
    const [above, below] = upright ? [this.#frameHeight * 0.13, this.#frameHeight * 0.25] : [margin, margin];
    const y0 = Math.round(bottom ? this.#frameHeight - this.#height - below : above);
    const alpha = opacity / 255;
    const [width, sprite] = [this.#width, this.#sprite];
    for (let y = 0; y < this.#height; y++) {
      let from = y * width * 4;
      let to = ((y0 + y) * this.#frameWidth + x0) * 4;
      for (let x = 0; x < width; x++, from += 4, to += 4) {
        const a = (sprite[from + 3] ?? 0) * alpha;
        if (a === 0) continue;
        for (let c = 0; c < 3; c++) {
          const under = pixels[to + c] ?? 0;
          pixels[to + c] = under + ((sprite[from + c] ?? 0) - under) * a;
        }
      }
    }
  }
}
