/**
 * Finds where the marked picture lies in a received one by the template alone: every candidate shape is correlated with it at all
 * offsets at once, the best few are bent into place (eight numbers: also perspective). Says nothing about bits. Called by detect.ts.
 */
import { band, blockCount, coefficientCount, gridSize, inverseBand } from './block-dct.ts';
import { candidateGroups, type Linear } from './candidates.ts';
import { type Carriers, templateRole } from './carriers.ts';
import { canvasSize, conjugateSpectrum, correlate, peakOf } from './fourier.ts';
import { type LocalMap, type Transform, toTransform, warp } from './pose.ts';

const cells = canvasSize * canvasSize;
/** Whitened pictures still fall with frequency; this evens out what is left. */
const tilt = 0.9;

export interface Placement {
  readonly transform: Transform;
  readonly mirrored: boolean;
  /** Correlation with the template after bending, in root mean squares of noise. */
  readonly score: number;
  /** Placements looked at so far, to weigh chance with; neighbours are nearly the same, so this counts too many. */
  readonly tried: number;
}

/** The template as a picture, in the shapes the search needs. */
export class Template {
  readonly #picture = new Float32Array(cells);
  readonly #spectrum: Float64Array;
  readonly #norm: number;
  readonly #view = new Float32Array(cells);

  constructor(carriers: Carriers) {
    const coefficients = new Float32Array(coefficientCount);
    for (let block = 0, at = 0; block < blockCount; block++) {
      for (let i = 0; i < band.length; i++, at++) {
        if (carriers.role[at] === templateRole)
          coefficients[at] = (carriers.sign[at] ?? 0) * (band[i]?.radius ?? 1) ** tilt;
      }
    }
    const grid = new Float32Array(gridSize * gridSize);
    inverseBand(coefficients, grid);
    warp(grid, gridSize, [1, 0, 0, 0, 1, 0, 0, 0, 1], canvasSize, this.#picture);
    this.#spectrum = conjugateSpectrum(this.#picture);
    let squares = 0;
    for (const value of this.#picture) squares += value * value;
    this.#norm = Math.sqrt(squares);
  }

  /** How well `source` seen through the map agrees, scaled so that noise has a spread of about one. */
  score(source: Float32Array, size: number, map: LocalMap): number {
    const view = warp(source, size, toTransform(map), canvasSize, this.#view);
    let dot = 0;
    let squares = 0;
    let inside = 0;
    for (let i = 0; i < cells; i++) {
      const value = view[i] ?? 0;
      if (value === 0) continue;
      dot += value * (this.#picture[i] ?? 0);
      squares += value * value;
      inside += 1;
    }
    if (inside < cells / 12) return 0;
    return (dot / (Math.sqrt(squares) * this.#norm)) * Math.sqrt(cells);
  }

  /**
   * Correlates two linear maps at all offsets.
   * @returns for each the best placement, its peak in root mean squares of the surface
   */
  locate(
    source: Float32Array,
    size: number,
    pair: readonly [Linear, Linear],
    rows: number,
    buffer: Float64Array,
  ): { map: LocalMap; z: number }[] {
    pair.forEach((linear, part) => {
      warp(source, size, toTransform(centered(linear, 0, 0)), canvasSize, this.#view);
      for (let i = 0; i < cells; i++) buffer[2 * i + part] = this.#view[i] ?? 0;
    });
    correlate(buffer, this.#spectrum);
    return pair.map((linear, part) => {
      const peak = peakOf(buffer, part === 0 ? 0 : 1, rows);
      return { map: centered(linear, peak.x / canvasSize, peak.y / canvasSize), z: peak.z };
    });
  }
}

/** The map with this linear part that shows the marked picture moved by (x, y), given about the middle of what is received. */
function centered([a, b, c, d]: Linear, x: number, y: number): LocalMap {
  // r = ½ + L(o + shift − ½): the middle of the received picture shows o = ½ − shift.
  return { center: [0.5 - x, 0.5 - y], numbers: [0.5, 0.5, a, b, c, d, 0, 0] };
}

/**
 * What may change together, as indices of `directions`, and by how much the squared score must rise for it: first the place, then the
 * size, then turn and shear, then perspective. The picture itself offers a little to any freedom it is given.
 */
const stages = [
  { free: [0, 1], gain: 0 },
  { free: [0, 1, 2], gain: 4 },
  { free: [0, 1, 2, 3, 4, 5], gain: 12 },
  { free: [0, 1, 2, 3, 4, 5, 6, 7], gain: 12 },
] as const;

/** Unit steps in the eight numbers of a map, each moving the edge of what is seen by a third of the shortest wave. */
function directions([, , a = 1, b = 0, c = 0, d = 1]: readonly number[]): readonly (readonly number[])[] {
  const edge = 0.006;
  const across = Math.hypot(a, c);
  const down = Math.hypot(b, d);
  const size = 2 * edge * Math.min(across, down);
  const turn = 2 * edge * across * down;
  return [
    [edge * across],
    [0, edge * down],
    [0, 0, size * a, size * b, size * c, size * d],
    [0, 0, size * a, -size * b, size * c, -size * d],
    [0, 0, 0, turn],
    [0, 0, 0, 0, turn],
    [0, 0, 0, 0, 0, 0, 4 * edge * across * across],
    [0, 0, 0, 0, 0, 0, 0, 4 * edge * down * down],
  ];
}

interface Bent {
  readonly map: LocalMap;
  readonly score: number;
}

/** Climbs from a map to the best one near it, no more freely than it pays. */
function bend(template: Template, source: Float32Array, size: number, start: LocalMap): Bent {
  let best = { map: start, score: template.score(source, size, start) };
  for (const { free, gain } of stages) {
    const climbed = climb(template, source, size, best, free);
    if (climbed.score ** 2 >= best.score ** 2 + gain) best = climbed;
  }
  return best;
}

function climb(
  template: Template,
  source: Float32Array,
  size: number,
  from: Bent,
  free: readonly number[],
): Bent {
  const { center } = from.map;
  const steps = directions(from.map.numbers);
  let best = from;
  let scale = 1;
  for (let round = 0; round < 10 && scale > 0.1; round++) {
    let moved = false;
    for (const k of free) {
      const step = steps[k] ?? [];
      for (const way of [scale, -scale]) {
        const numbers = best.map.numbers.map((value, i) => value + way * (step[i] ?? 0));
        const score = template.score(source, size, { center, numbers });
        if (score <= best.score) continue;
        best = { map: { center, numbers }, score };
        moved = true;
        break;
      }
    }
    if (!moved) scale /= 2;
  }
  return best;
}

/** Bending moves a placement by less than a wave each way in a few directions. */
const bends = 4;
/** Peaks that are followed up in each group. */
const followed = 6;
/** A peak this high after bending ends the search. */
const certain = 9;

/**
 * @param source levelled samples, `size`² of them. @param mirrored the same mirrored
 * @param aspect width over height of the received picture
 * @yields placements worth decoding, group by group, best first within a group
 */
export function* search(
  template: Template,
  source: Float32Array,
  mirrored: Float32Array,
  size: number,
  aspect: number,
): Generator<Placement> {
  const buffer = new Float64Array(2 * cells);
  let tried = 0;
  for (const { linears: group, rows } of candidateGroups(aspect)) {
    tried += 2 * group.length * canvasSize * Math.min(canvasSize, 2 * rows + 1) * bends;
    const found: { map: LocalMap; z: number; mirrored: boolean }[] = [];
    for (const flip of [false, true]) {
      for (let i = 0; i < group.length; i += 2) {
        const first = group[i];
        if (!first) continue;
        const located = template.locate(
          flip ? mirrored : source,
          size,
          [first, group[i + 1] ?? first],
          rows,
          buffer,
        );
        for (const { map, z } of located) found.push({ map, z, mirrored: flip });
      }
    }
    found.sort((a, b) => b.z - a.z);
    const placements: Placement[] = [];
    for (const { map, mirrored: flip } of found.slice(0, followed)) {
      const bent = bend(template, flip ? mirrored : source, size, map);
      placements.push({ transform: toTransform(bent.map), mirrored: flip, score: bent.score, tried });
      if (bent.score > certain) break;
    }
    placements.sort((a, b) => b.score - a.score);
    yield* placements.slice(0, 3);
  }
}
