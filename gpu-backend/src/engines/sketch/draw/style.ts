/**
 * What makes one picture look like clay and another like ink: a style says how a shape is filled, shaded, outlined and
 * textured, and what lies over the whole frame. Styles are data for `pen.ts`; one file each in styles/.
 */
import type { Hex } from '../color.ts';
import type { Palette, StyleName } from '../scene/scene.ts';

export type Shading = 'soft' | 'cel' | 'flat' | 'clay' | 'hatch' | 'wash' | 'none';

export interface Style {
  readonly name: StyleName;
  /** Grades the scene's colours before anything is drawn. */
  grade(palette: Palette): Palette;
  /** Grades one colour of a thing; applied to every fill. */
  color(hex: Hex): Hex;
  readonly shading: Shading;
  /** Outline in thousandths of the frame's shorter side; 0 draws none. */
  readonly outline: number;
  /** Colour of outlines for a given fill. */
  outlineColor(fill: Hex): Hex;
  /** Unsteadiness of the line: 0 ruled … 1 loose; loose lines are drawn twice. */
  readonly wobble: number;
  /** Opacity of fills. */
  readonly fill: number;
  /** Shapes throw a small hard shadow on what lies behind, as cut paper does. */
  readonly cutShadow: number;
  /** Lines glow. */
  readonly glow: number;
  /** Shares of a second in which the drawing is done anew; 0 never (line boil). */
  readonly boilFps: number;
  /** Draws in blocks of this many pixels; 1 is full resolution. */
  readonly pixelSize: number;
  /** Texture laid over the whole frame. */
  readonly texture: 'none' | 'paper' | 'canvas' | 'film' | 'scanlines' | 'grid' | 'board' | 'print';
  /** 0..1. */
  readonly textureStrength: number;
  /** Darkening of the corners, 0..1. */
  readonly vignette: number;
  /** How much light blooms round sun, lamps and sparks, 0..1. */
  readonly bloom: number;
}

const keep = (hex: Hex): Hex => hex;

/** The house style; every style states only what differs. */
export function createStyle(name: StyleName, changes: Partial<Omit<Style, 'name'>>): Style {
  return {
    name,
    grade: (palette) => palette,
    color: keep,
    shading: 'soft',
    outline: 0,
    outlineColor: () => '#2a2433',
    wobble: 0,
    fill: 1,
    cutShadow: 0,
    glow: 0,
    boilFps: 0,
    pixelSize: 1,
    texture: 'paper',
    textureStrength: 0.5,
    vignette: 0.35,
    bloom: 0.6,
    ...changes,
  };
}

/** Applies a colour function to every colour of a palette. */
export function mapPalette(palette: Palette, map: (hex: Hex) => Hex): Palette {
  const [a, b, c, d, e] = palette.accents;
  return {
    skyTop: map(palette.skyTop),
    skyMiddle: map(palette.skyMiddle),
    skyLow: map(palette.skyLow),
    disc: map(palette.disc),
    light: map(palette.light),
    shade: map(palette.shade),
    haze: map(palette.haze),
    ground: map(palette.ground),
    groundFar: map(palette.groundFar),
    foliage: map(palette.foliage),
    structure: map(palette.structure),
    water: map(palette.water),
    accents: [map(a), map(b), map(c), map(d), map(e)],
  };
}
