/** Dialogue on the picture: a small card in the area the app keeps clear. Called by painter.ts. */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { alpha } from '../color.ts';
import type { TimedLine } from '../scene/scene.ts';
import type { View } from './view.ts';

const font = '"DejaVu Sans", "Liberation Sans", "Noto Sans", Arial, sans-serif';

interface Card {
  readonly line: TimedLine;
  readonly canvas: Canvas;
}

export class CaptionPainter {
  readonly #cards: readonly Card[];
  readonly #view: View;

  constructor(lines: readonly TimedLine[], accent: string, view: View) {
    this.#view = view;
    this.#cards = lines.map((line) => ({ line, canvas: bake(line, accent, view) }));
  }

  draw(ctx: ReturnType<Canvas['getContext']>, time: number): void {
    for (const { line, canvas } of this.#cards) {
      const shown = Math.min(1, (time - line.start) / 0.18, (line.end + 0.25 - time) / 0.18);
      if (shown <= 0) continue;
      const ease = 1 - (1 - shown) ** 3;
      ctx.globalAlpha = ease;
      const x = (this.#view.safeRight + this.#view.width * 0.05) / 2 - canvas.width / 2;
      ctx.drawImage(
        canvas,
        Math.round(x),
        Math.round(this.#view.safeBottom - canvas.height - 6 * this.#view.unit + (1 - ease) * 16),
      );
      ctx.globalAlpha = 1;
    }
  }
}

function bake(line: TimedLine, accent: string, view: View): Canvas {
  const u = view.unit;
  const size = Math.round(33 * u);
  const most = view.safeRight - view.width * 0.05 - 40 * u;
  const probe = createCanvas(8, 8).getContext('2d');
  probe.font = `600 ${size}px ${font}`;
  const rows: string[] = [];
  let row = '';
  for (const word of line.text.split(/\s+/)) {
    const longer = row === '' ? word : `${row} ${word}`;
    if (row !== '' && probe.measureText(longer).width > most - 56 * u) {
      rows.push(row);
      row = word;
    } else row = longer;
  }
  rows.push(row);
  const shown = rows.slice(0, 5);
  const textWidth = Math.max(
    ...shown.map((r) => probe.measureText(r).width),
    line.speaker ? probe.measureText(line.speaker).width * 0.75 : 0,
  );
  const head = line.speaker ? size * 1.05 : 0;
  const width = Math.ceil(Math.min(most, textWidth + 56 * u));
  const height = Math.ceil(shown.length * size * 1.28 + head + 34 * u);
  const canvas = createCanvas(width, height);
  const ctx = canvas.getContext('2d');
  ctx.fillStyle = alpha('#100c1c', 0.72);
  ctx.beginPath();
  ctx.roundRect(0, 0, width, height, 20 * u);
  ctx.fill();
  ctx.textBaseline = 'top';
  ctx.lang = 'en';
  if (line.speaker) {
    ctx.font = `700 ${Math.round(size * 0.72)}px ${font}`;
    ctx.fillStyle = accent;
    ctx.fillText(line.speaker, 28 * u, 15 * u, width - 56 * u);
  }
  ctx.font = `600 ${size}px ${font}`;
  ctx.fillStyle = '#fffaf0';
  for (const [i, text] of shown.entries())
    ctx.fillText(text, 28 * u, 15 * u + head + i * size * 1.28, width - 56 * u);
  return canvas;
}
