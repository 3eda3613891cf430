/** What tells one character from another: ears, tail, muzzle and so on. Data for character.ts. */

export interface Species {
  readonly ears:
    | 'pointed'
    | 'round'
    | 'long'
    | 'floppy'
    | 'tufts'
    | 'horns'
    | 'antenna'
    | 'big'
    | 'frog'
    | 'none';
  readonly tail: 'curl' | 'bushy' | 'thin' | 'spiked' | 'stub' | 'none';
  readonly mouth: 'muzzle' | 'beak' | 'snout' | 'trunk' | 'plain' | 'wide' | 'grille';
  /** Belly and muzzle: mixed this far to white. */
  readonly pale: number;
  readonly extra?:
    | 'wings'
    | 'mane'
    | 'horn'
    | 'helmet'
    | 'spikes'
    | 'patches'
    | 'stripes'
    | 'mask'
    | 'hair'
    | 'spots'
    | 'shell';
  /** Width of the body against the usual. */
  readonly wide?: number;
}

const plain: Species = { ears: 'none', tail: 'none', mouth: 'plain', pale: 0.5 };

const table: Readonly<Record<string, Species>> = {
  cat: { ears: 'pointed', tail: 'curl', mouth: 'muzzle', pale: 0.62, extra: 'stripes' },
  dog: { ears: 'floppy', tail: 'thin', mouth: 'muzzle', pale: 0.6 },
  rabbit: { ears: 'long', tail: 'stub', mouth: 'muzzle', pale: 0.6 },
  fox: { ears: 'pointed', tail: 'bushy', mouth: 'muzzle', pale: 0.85 },
  bear: { ears: 'round', tail: 'stub', mouth: 'muzzle', pale: 0.4, wide: 1.15 },
  panda: { ears: 'round', tail: 'stub', mouth: 'muzzle', pale: 0.2, extra: 'patches', wide: 1.15 },
  frog: { ears: 'frog', tail: 'none', mouth: 'wide', pale: 0.6, wide: 1.1 },
  penguin: { ears: 'none', tail: 'none', mouth: 'beak', pale: 0.95, extra: 'mask', wide: 1.08 },
  chick: { ears: 'none', tail: 'stub', mouth: 'beak', pale: 0.4, extra: 'wings' },
  owl: { ears: 'tufts', tail: 'none', mouth: 'beak', pale: 0.5, extra: 'wings', wide: 1.1 },
  pig: { ears: 'floppy', tail: 'curl', mouth: 'snout', pale: 0.25, wide: 1.15 },
  mouse: { ears: 'big', tail: 'thin', mouth: 'muzzle', pale: 0.5 },
  monkey: { ears: 'round', tail: 'curl', mouth: 'muzzle', pale: 0.55 },
  elephant: { ears: 'big', tail: 'thin', mouth: 'trunk', pale: 0.2, wide: 1.2 },
  dragon: { ears: 'horns', tail: 'spiked', mouth: 'wide', pale: 0.55, extra: 'wings' },
  dinosaur: { ears: 'none', tail: 'spiked', mouth: 'wide', pale: 0.5, extra: 'spikes', wide: 1.1 },
  unicorn: { ears: 'pointed', tail: 'bushy', mouth: 'snout', pale: 0.35, extra: 'horn' },
  lion: { ears: 'round', tail: 'thin', mouth: 'muzzle', pale: 0.55, extra: 'mane' },
  monster: { ears: 'horns', tail: 'none', mouth: 'wide', pale: 0.3, extra: 'spots', wide: 1.15 },
  alien: { ears: 'antenna', tail: 'none', mouth: 'plain', pale: 0.3 },
  robot: { ears: 'antenna', tail: 'none', mouth: 'grille', pale: 0.3 },
  astronaut: { ...plain, extra: 'helmet' },
  person: { ...plain, extra: 'hair' },
  turtle: { ...plain, mouth: 'wide', extra: 'shell' },
};

/** The species of a noun; unknown ones are people. */
export function speciesOf(kind: string): Species {
  return table[kind] ?? { ...plain, extra: 'hair' };
}
