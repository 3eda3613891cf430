/**
 * The models of the output policy, from the files in their packages, on TensorFlow's WASM backend: nothing is fetched from the network.
 * Loaded once per process (0.6 s and 250 MB); called by the policy process and by the inspection process, never by the node itself.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { FrameScores } from '#core/moderation/output-policy.ts';
import type { PolicyFindings } from '#schemas/policy.ts';
import { type FaceFinder, loadFaceFinder, type Picture, packageFolder } from '../inspection/face-models.ts';

const require = createRequire(import.meta.url);

/** A face that is worth comparing: large enough for its embedding to mean something. */
export interface LookedAtFace {
  /** Side of its square as a share of the picture's longer side. */
  readonly size: number;
  readonly embedding: readonly number[];
}

export interface PolicyModels {
  readonly names: PolicyFindings['models'];
  scoresOf(picture: Picture, at: number): Promise<FrameScores>;
  facesOf(picture: Picture): Promise<readonly LookedAtFace[]>;
}

let loading: Promise<PolicyModels> | undefined;

/** @throws when the packages' files are missing. */
export function loadPolicyModels(): Promise<PolicyModels> {
  loading ??= load();
  return loading;
}

const side = 224;

async function load(): Promise<PolicyModels> {
  // The face library chooses the backend for the TensorFlow that both share.
  const faces = await loadFaceFinder();
  const tf = require('@tensorflow/tfjs') as typeof import('@tensorflow/tfjs');
  const { load: loadClassifier } = require('nsfwjs/core') as typeof import('nsfwjs/core');
  const folder = packageFolder('nsfwjs/core', 'nsfwjs');
  const model = join(folder, 'dist/models/mobilenet_v2');
  // The package's own loader copies the weights letter by letter on Node, which takes six seconds.
  const classifier = await quietly(() =>
    loadClassifier('MobileNetV2', {
      modelDefinitions: [
        {
          name: 'MobileNetV2',
          numOfWeightBundles: 1,
          modelJson: async () => ({ default: require(join(model, 'model.min.js')) }),
          weightBundles: [async () => ({ default: require(join(model, 'group1-shard1of1.min.js')) })],
        },
      ],
    }),
  );
  return {
    names: [
      { name: 'nsfwjs mobilenet_v2', version: await versionOf(folder) },
      {
        name: 'human blazeface faceres',
        version: await versionOf(packageFolder('@vladmandic/human', '@vladmandic/human')),
      },
    ],
    async scoresOf(picture, at) {
      const pixels = tf.tidy(() => {
        const whole = tf.tensor3d(rgbOf(picture), [picture.height, picture.width, 3], 'int32');
        return tf.image.resizeBilinear(whole, [side, side], true);
      });
      try {
        const shares = new Map<string, number>(
          (await classifier.classify(pixels)).map(({ className, probability }) => [className, probability]),
        );
        const share = (name: string): number => shares.get(name) ?? 0;
        return {
          at,
          drawing: share('Drawing'),
          hentai: share('Hentai'),
          neutral: share('Neutral'),
          porn: share('Porn'),
          sexy: share('Sexy'),
        };
      } finally {
        tf.dispose(pixels);
      }
    },
    facesOf: (picture) => facesIn(faces, picture),
  };
}

/** Smaller faces have too few pixels for their embedding to be compared; less sure ones are often no faces. */
const smallestFace = 0.08;
const surest = 0.6;

async function facesIn(finder: FaceFinder, picture: Picture): Promise<LookedAtFace[]> {
  const found = await finder.find(picture);
  return found.flatMap(({ boxRaw, score, embedding }) => {
    const size = boxRaw[2];
    return size >= smallestFace && score >= surest && embedding && embedding.length > 0
      ? [{ size, embedding }]
      : [];
  });
}

function rgbOf({ data, width, height }: Picture): Int32Array {
  const out = new Int32Array(width * height * 3);
  for (let from = 0, to = 0; from < width * height * 4; from += 4, to += 3) {
    out[to] = data[from] ?? 0;
    out[to + 1] = data[from + 1] ?? 0;
    out[to + 2] = data[from + 2] ?? 0;
  }
  return out;
}

async function versionOf(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The library greets whoever loads a model on the console. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { info } = console;
  console.info = () => undefined;
  try {
    return await work();
  } finally {
    console.info = info;
  }
}
