/**
 * The invented creators of a first start and what they ask for. Marked as demo everywhere; every clip is generated on the machine that
 * starts Kinora, by the same path as anybody's.
 */
import type { CreateGenerationInput } from '../../schemas/http/generations.ts';
import type { CameoLevel } from '../../schemas/likeness.ts';

export interface DemoClip {
  readonly slug: string;
  readonly by: string;
  readonly caption: string;
  readonly request: CreateGenerationInput;
  /** Slug of the clip this one remixes; it comes later in the list. */
  readonly remixes?: string;
  readonly showPrompt: boolean;
}

/** They come with drawn likenesses, so that casting can be tried at once; who may cast them differs, as it does among people. */
export const demoCreators = [
  { handle: 'mira', displayName: 'Mira Okafor', level: 'everyone' },
  { handle: 'tobias', displayName: 'Tobias Lind', level: 'mutuals' },
  { handle: 'yuki', displayName: 'Yuki Arai', level: 'everyone' },
  { handle: 'paolo', displayName: 'Paolo Reyes', level: 'only-me' },
] as const satisfies readonly { handle: string; displayName: string; level: CameoLevel }[];

export const demoClips: readonly DemoClip[] = [
  {
    slug: 'hoop',
    by: 'mira',
    caption: 'One more before the light goes.',
    request: {
      prompt: 'a basketball bounces off the rim, hits the backboard and drops in, at sunset on the beach',
      seconds: 6,
      seed: 11,
    },
    showPrompt: true,
  },
  {
    slug: 'boat',
    by: 'tobias',
    caption: 'Small boat, big weather.',
    request: {
      prompt: 'a little red sailboat rides high waves in a storm at dusk, watercolour',
      seconds: 7,
      seed: 5,
    },
    showPrompt: true,
  },
  {
    slug: 'dominoes',
    by: 'yuki',
    caption: 'Paper dominoes, take nine.',
    request: {
      prompt: 'a long line of colourful dominoes topples across a wooden table, paper cut-out style',
      seconds: 6,
      seed: 3,
    },
    showPrompt: false,
  },
  {
    slug: 'fireworks',
    by: 'paolo',
    caption: 'New year over the old town.',
    request: { prompt: 'fireworks over a city at night, neon', seconds: 7, seed: 21 },
    showPrompt: true,
  },
  {
    slug: 'balloons',
    by: 'mira',
    caption: 'Up they go.',
    request: {
      prompt: 'three hot air balloons rise over a misty mountain forest at dawn, storybook',
      seconds: 6,
      seed: 8,
    },
    showPrompt: true,
  },
  {
    slug: 'moon',
    by: 'tobias',
    caption: 'A sixth of the gravity, six times the airtime.',
    request: { prompt: 'a blue car jumps a ramp on the moon', seconds: 6, seed: 14 },
    showPrompt: true,
  },
  {
    slug: 'juggler',
    by: 'yuki',
    caption: 'I juggle, Mira keeps count.',
    request: {
      prompt: 'somebody juggles five oranges in the park at noon, clay',
      seconds: 6,
      seed: 2,
      cameos: ['yuki', 'mira'],
      dialogue: [{ speaker: 'mira', text: 'Five! And still going!' }],
    },
    showPrompt: false,
  },
  {
    slug: 'tower',
    by: 'paolo',
    caption: 'Demolition, by the book.',
    request: {
      prompt: 'a wrecking ball knocks down a tower of blocks, blueprint style',
      seconds: 6,
      seed: 17,
      size: '1280x720',
    },
    showPrompt: true,
  },
  {
    slug: 'snow-hoop',
    by: 'yuki',
    caption: 'Same shot, my town.',
    request: { prompt: 'at night in the snow, ink drawing', seconds: 6 },
    remixes: 'hoop',
    showPrompt: true,
  },
];
