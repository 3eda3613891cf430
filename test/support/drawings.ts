/** Pictures and films that tests draw for themselves: seeded, textured, moving. Every call with the same arguments draws the same. */

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

export interface DrawingOptions {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** What moves has moved by this many thousandths of the width. */
  readonly shift?: number;
}

/** −`amount`..`amount`, from a position. */
export function noise(at: number, amount: number): number {
  const hash = Math.imul(at ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  return (((hash ^ (hash >>> 13)) >>> 0) % (2 * amount + 1)) - amount;
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Soft discs and stripes over a gradient; the discs move. */
export function drawing({ seed, width, height, shift = 0 }: DrawingOptions): Drawing {
  const next = random(seed * 7919);
  const slope = { x: next() * 90 - 45, y: next() * 90 - 45 };
  const stripes = { angle: next() * Math.PI, frequency: 8 + next() * 22, depth: 12 + next() * 26 };
  const discs = Array.from({ length: 14 }, () => ({
    x: next(),
    y: next(),
    r: 0.04 + next() * 0.16,
    tone: next() * 220 - 110,
    vx: next() - 0.5,
    vy: next() - 0.5,
  })).map((disc) => ({
    ...disc,
    x: disc.x + (disc.vx * shift) / 1000,
    y: disc.y + (disc.vy * shift) / 1000,
  }));
  const luma = new Uint8Array(width * height);
  const longest = Math.max(width, height);
  for (let py = 0; py < height; py++) {
    for (let px = 0; px < width; px++) {
      const [x, y] = [px / width, py / height];
      const along = x * Math.cos(stripes.angle) + y * Math.sin(stripes.angle);
      let tone =
        128 + slope.x * (x - 0.5) + slope.y * (y - 0.5) + stripes.depth * Math.sin(along * stripes.frequency);
      for (const disc of discs) {
        const distance = Math.hypot(((x - disc.x) * width) / longest, ((y - disc.y) * height) / longest);
        tone += disc.tone * Math.min(1, Math.max(0, (disc.r - distance) * 40));
      }
      luma[py * width + px] = Math.min(255, Math.max(0, Math.round(tone)));
    }
  }
  return { width, height, luma };
}

/** A film of drawings, `fps` a second. */
export function* drawnFilm(
  options: Omit<DrawingOptions, 'shift'> & { readonly seconds: number; readonly fps?: number },
): Generator<Drawing & { readonly at: number }> {
  const { seconds, fps = 8, ...rest } = options;
  for (let frame = 0; frame < seconds * fps; frame++) {
    yield { at: frame / fps, ...drawing({ ...rest, shift: (frame / fps) * 120 }) };
  }
}
