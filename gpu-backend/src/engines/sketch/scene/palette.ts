/**
 * The colours of a scene: the hour sets sky and light, the place sets materials, weather and tone grade both, and words no
 * list knows turn the hue. Pure; called by read-scene.ts.
 */
import { fromRgb, type Hex, mix, shift, toHsl, toRgb } from '../color.ts';
import type { Random } from '../random.ts';
import type { Palette, SettingName, TimeOfDay, Tone, Weather } from './scene.ts';

type Sky = Pick<Palette, 'skyTop' | 'skyMiddle' | 'skyLow' | 'disc' | 'light' | 'shade' | 'haze'>;
type Place = Pick<Palette, 'ground' | 'groundFar' | 'foliage' | 'structure' | 'water'>;

const sky = (
  skyTop: Hex,
  skyMiddle: Hex,
  skyLow: Hex,
  disc: Hex,
  light: Hex,
  shade: Hex,
  haze: Hex,
): Sky => ({
  skyTop,
  skyMiddle,
  skyLow,
  disc,
  light,
  shade,
  haze,
});

const skies: Readonly<Record<TimeOfDay, readonly [Sky, ...Sky[]]>> = {
  dawn: [
    sky('#6a83c9', '#e9b4c0', '#ffe6c2', '#fff3d0', '#ffe0b8', '#5c5b92', '#f1c8c4'),
    sky('#4d8fb8', '#bfd8cf', '#ffe9b5', '#fff6d6', '#ffe9be', '#4a5f8a', '#dfe3cd'),
    sky('#7c6fb8', '#f0a4a8', '#ffd9a6', '#fff0cc', '#ffd2a6', '#54407c', '#f4b9a8'),
  ],
  noon: [
    sky('#2f8fdd', '#76c3ee', '#d8f0ef', '#fffbe6', '#fff4d8', '#45598c', '#c3e2ea'),
    sky('#39a0c9', '#8fd3dc', '#eef3d9', '#fffbe0', '#fff6d2', '#3f5f80', '#d3e8dd'),
    sky('#4a7fd6', '#8fb8ee', '#e6ecf2', '#ffffff', '#fff1dd', '#4b548c', '#cbd9ee'),
  ],
  sunset: [
    sky('#352a66', '#d3546c', '#ffb45e', '#ffe6a3', '#ffb36b', '#3a2758', '#ee8b6c'),
    sky('#2b3f7a', '#e0707a', '#ffcf7a', '#fff0b8', '#ffc27d', '#3a2f66', '#f2a27c'),
    sky('#5b2a5e', '#f0653f', '#ffc04d', '#fff0a8', '#ffa552', '#431f4c', '#f5854a'),
  ],
  night: [
    sky('#080d2b', '#17265a', '#3a5290', '#f6f2dc', '#adc2f5', '#080b24', '#2c3f78'),
    sky('#0b0a26', '#2a1f5c', '#5c3f86', '#fdf0e0', '#c3b3f2', '#0a0820', '#44327a'),
    sky('#041822', '#0d3b4c', '#2f7276', '#f2f8e6', '#a8e0dc', '#04141e', '#1e5560'),
  ],
};

const place = (ground: Hex, groundFar: Hex, foliage: Hex, structure: Hex, water: Hex): Place => ({
  ground,
  groundFar,
  foliage,
  structure,
  water,
});

const places: Readonly<Record<SettingName, Place>> = {
  meadow: place('#7fb84a', '#a8cc72', '#4f8f43', '#c9745a', '#4aa3c9'),
  beach: place('#f0d9a0', '#e6c98c', '#3f9a62', '#e08a5a', '#2fa7bd'),
  city: place('#6f7686', '#8d93a3', '#4f8a62', '#5f6b8c', '#4a86b8'),
  forest: place('#5d7f3c', '#6f9450', '#2f6b45', '#6f4d34', '#3f8fa0'),
  desert: place('#e0a860', '#e8bd7c', '#5f8f4a', '#c7703f', '#3fa0a8'),
  moon: place('#a9abb8', '#8b8d9e', '#7c7f96', '#c9ccd8', '#6f7f9f'),
  gym: place('#c98a4b', '#d69c5f', '#3f7a8c', '#d9c3a0', '#4a86b8'),
  room: place('#b98055', '#c99368', '#4f8f6a', '#e2c9a4', '#4a86b8'),
  mountain: place('#7c9a5a', '#93a86f', '#3f6f55', '#7a7f92', '#4a93b8'),
  sea: place('#2c7fa6', '#4fa3bd', '#3f8f6a', '#c9745a', '#2279a3'),
  park: place('#86bb52', '#a6cd70', '#4a9148', '#d98a5a', '#4aa9c9'),
  street: place('#565a6b', '#6a6e80', '#4a7f5c', '#7a5a6a', '#4a7fa8'),
  underwater: place('#c9b98a', '#7fa894', '#2f8f7c', '#d96f72', '#1b7f9a'),
  space: place('#5a4f7c', '#463c66', '#6f5fa8', '#8f86b8', '#4a5fa8'),
  snowfield: place('#eef4fa', '#d6e4f0', '#4a7f74', '#8c6a5a', '#7fb8d6'),
  castle: place('#8aa85a', '#a3b872', '#4f7f4a', '#9a8f9c', '#4a93b8'),
};

const accentSets: readonly [Palette['accents'], ...Palette['accents'][]] = [
  ['#f2545b', '#ffb627', '#2ec4b6', '#5b7fe8', '#f78fb3'],
  ['#ff7b54', '#ffd56b', '#3caea3', '#20639b', '#ed553b'],
  ['#e63e6d', '#fdc500', '#00b4a0', '#6c5ce7', '#ff9770'],
  ['#ef476f', '#ffd166', '#06d6a0', '#2a8fbd', '#c06ce0'],
  ['#d1495b', '#edae49', '#66a182', '#2e6f95', '#f79256'],
  ['#ff6f59', '#f6c453', '#43aa8b', '#4361b0', '#d77bba'],
  ['#e4572e', '#f3a712', '#76b041', '#17bebb', '#a06cd5'],
  ['#f25f5c', '#ffe066', '#50b5a4', '#2f6fa8', '#f49cbb'],
];

/** Light falling on a material: the product of both, `amount` of it. */
function lit(material: Hex, light: Hex, amount: number): Hex {
  const [r, g, b] = toRgb(material);
  const [lr, lg, lb] = toRgb(light);
  return mix(material, fromRgb((r * lr) / 255, (g * lg) / 255, (b * lb) / 255), amount);
}

const gray = (hex: Hex, amount: number): Hex => shift(hex, 0, 1 - amount);

/**
 * @param turn hue rotation in degrees from unknown words, about ±24
 * @param tints colours the prompt names without a noun; the first becomes the leading accent and tints the sky a little
 */
export function readPalette(
  time: TimeOfDay,
  setting: SettingName,
  weather: Weather,
  tone: Tone,
  turn: number,
  tints: readonly Hex[],
  random: Random,
): Palette {
  let air: Sky = random.pick(skies[time]);
  if (setting === 'space' || setting === 'moon') {
    air = {
      ...random.pick(skies.night),
      skyTop: '#05050f',
      skyMiddle: '#0d0b24',
      skyLow: mix('#241a4a', air.skyMiddle, 0.25),
      light: '#eef0ff',
    };
  }
  if (setting === 'underwater') {
    const deep = time === 'night' ? 0.55 : 0.1;
    air = sky(
      mix('#3fc3c9', '#062a4a', deep),
      mix('#1b8fae', '#04203c', deep),
      mix('#0d5f86', '#03162e', deep),
      '#e8fff4',
      '#c9fff0',
      '#07304f',
      mix('#2fa3b4', '#0a3558', deep),
    );
  }
  const grade = (hex: Hex, share: number): Hex => {
    let out = shift(hex, turn * share);
    if (tone === 'eerie') out = mix(gray(out, 0.25), '#3d7f6a', 0.14 * share);
    if (tone === 'melancholy') out = mix(gray(out, 0.28), '#6f86b0', 0.12 * share);
    if (tone === 'dreamy') out = mix(out, '#e6a6e0', 0.14 * share);
    if (tone === 'joyful' || tone === 'playful') out = shift(out, 0, 1.1);
    if (weather === 'rain' || weather === 'storm')
      out = mix(gray(out, 0.35), '#54607a', (weather === 'storm' ? 0.38 : 0.24) * share);
    if (weather === 'fog') out = mix(gray(out, 0.3), '#c9cfd6', time === 'night' ? 0.1 : 0.3 * share);
    if (weather === 'snow') out = mix(gray(out, 0.2), '#dfe8f2', time === 'night' ? 0.08 : 0.16 * share);
    const tint = tints[0];
    return tint ? mix(out, tint, 0.16 * share) : out;
  };
  const p = places[setting];
  const darkness =
    time === 'night' && setting !== 'gym' && setting !== 'room' ? 0.42 : time === 'sunset' ? 0.14 : 0;
  const onGround = (hex: Hex): Hex => {
    const whitened =
      weather === 'snow' && setting !== 'gym' && setting !== 'room' ? mix(hex, '#eef3fa', 0.6) : hex;
    return grade(mix(lit(whitened, air.light, 0.75), air.shade, darkness), 0.6);
  };
  const base = random.pick(accentSets);
  const leads = tints.map((t) => t);
  const accents = [...leads, ...base]
    .slice(0, 5)
    .map((c, i) => (i < leads.length ? c : shift(c, turn * 0.5)));
  const [a = base[0], b = base[1], c = base[2], d = base[3], e = base[4]] = accents;
  return {
    skyTop: grade(air.skyTop, 1),
    skyMiddle: grade(air.skyMiddle, 1),
    skyLow: grade(air.skyLow, 0.8),
    disc: air.disc,
    light: grade(air.light, 0.3),
    shade: grade(air.shade, 0.4),
    haze: grade(air.haze, 0.8),
    ground: onGround(p.ground),
    groundFar: mix(onGround(p.groundFar), grade(air.haze, 0.8), 0.3),
    foliage: onGround(p.foliage),
    structure: onGround(p.structure),
    water: grade(mix(lit(p.water, air.light, 0.5), air.skyMiddle, 0.25), 0.6),
    accents: [a, b, c, d, e],
  };
}

/** Whether a colour is nearly without hue, so that tinting by it should not turn other hues. */
export function isNeutral(hex: Hex): boolean {
  return toHsl(hex)[1] < 0.12;
}
