/**
 * The models of `@vladmandic/human` on TensorFlow's WASM backend, from the files in its package: nothing is fetched from the
 * network. Loaded once per process; called by look.ts inside the inspection process and by the output policy inside its own.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Config, FaceResult, Human } from '@vladmandic/human';

const require = createRequire(import.meta.url);

/** Why a path and not an import: the WASM build for Node is not among the package's exports. */
export function packageFolder(entry: string, name: string): string {
  const path = require.resolve(entry);
  return path.slice(0, path.lastIndexOf(join('node_modules', name)) + join('node_modules', name).length);
}

const config: Partial<Config> = {
  backend: 'wasm',
  debug: false,
  async: false,
  warmup: 'none',
  // Every frame is looked at for itself: nothing is carried over from the one before.
  cacheSensitivity: 0,
  filter: { enabled: false },
  gesture: { enabled: false },
  body: { enabled: false },
  hand: { enabled: false },
  object: { enabled: false },
  segmentation: { enabled: false },
};

const face = {
  enabled: true,
  detector: {
    rotation: false,
    maxDetected: 4,
    minConfidence: 0.3,
    iouThreshold: 0.1,
    skipFrames: 0,
    skipTime: 0,
  },
  mesh: { enabled: true },
  iris: { enabled: true },
  emotion: { enabled: false },
  description: { enabled: true, skipFrames: 0, skipTime: 0 },
  antispoof: { enabled: true, skipFrames: 0, skipTime: 0 },
  liveness: { enabled: true, skipFrames: 0, skipTime: 0 },
};

const weights = ['blazeface', 'facemesh', 'iris', 'faceres', 'antispoof', 'liveness'];

/** RGBA rows without padding. */
export interface Picture {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

export interface FaceModels {
  /**
   * Faces in a square of `side` × `side` units whose top left is the picture's and whose side is its longer one.
   * @param describe also compute embeddings, which costs as much as everything else together.
   */
  find(picture: Picture, describe: boolean): Promise<readonly FaceResult[]>;
}

/**
 * The library cuts mesh points to whole units: the picture is brought to this size first, so that a unit is a thousandth of it.
 */
export const side = 1024;

export interface FaceFinder {
  /** Faces with their embeddings, in the same units. */
  find(picture: Picture): Promise<readonly FaceResult[]>;
}

let loading: Promise<FaceModels> | undefined;
let loadingFinder: Promise<FaceFinder> | undefined;

/** About 0.2 s and 200 MB. @throws when the package's files are missing. */
export function loadFaceModels(): Promise<FaceModels> {
  loading ??= load(weights, { ...config, face }).then(({ models, input }) => ({
    async find(picture, describe) {
      const tensor = input(picture, side);
      return detect(models, tensor, {
        face: { ...face, description: { ...face.description, enabled: describe } },
      });
    },
  }));
  return loading;
}

/**
 * Where a face is and whose it is like, and nothing about whether it lives: for pictures that machines made. The mesh is kept, because the
 * embedding is of what the mesh cuts out: of another cut it could not be compared with an enrolled one.
 */
export function loadFaceFinder(): Promise<FaceFinder> {
  const off = { enabled: false };
  const still = { ...face, iris: off, antispoof: off, liveness: off };
  loadingFinder ??= load(['blazeface', 'facemesh', 'faceres'], { ...config, face: still }).then(
    ({ models, input }) => ({
      find: async (picture) =>
        detect(models, input(picture, Math.max(picture.width, picture.height)), { face: still }),
    }),
  );
  return loadingFinder;
}

type Input = (picture: Picture, least: number) => Tensor;
type Tensor = Parameters<Human['detect']>[0] & { dispose(): void };

async function load(
  needed: readonly string[],
  settings: Partial<Config>,
): Promise<{ models: Human; input: Input }> {
  const human = packageFolder('@vladmandic/human', '@vladmandic/human');
  const wasm = packageFolder('@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-wasm');
  const fromDisk = async (url: string): Promise<Response> => new Response(await readFile(fileURLToPath(url)));
  const overNetwork = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    String(input).startsWith('file:') ? fromDisk(String(input)) : overNetwork(input, init);
  const library = require(join(human, 'dist/human.node-wasm.js')) as { Human: typeof Human };
  const models = new library.Human({
    ...settings,
    modelBasePath: pathToFileURL(join(human, 'models/')).href,
    wasmPath: `${join(wasm, 'dist')}/`,
  });
  const { tf } = models;
  tf.env().platform.fetch = (url: string) => fromDisk(url);
  await models.load();
  const missing = needed.filter((name) => !models.models.loaded().includes(name));
  if (missing.length > 0) throw new Error(`Models that could not be loaded: ${missing.join(', ')}.`);
  const input: Input = (picture, least) =>
    tf.tidy(() => {
      const longest = Math.max(picture.width, picture.height);
      const square = tf.tensor4d(squareOf(picture, longest), [1, longest, longest, 3]);
      return longest < least ? tf.image.resizeBilinear(square, [least, least]) : tf.clone(square);
    });
  return { models, input };
}

async function detect(
  models: Human,
  tensor: Tensor,
  settings: Partial<Config>,
): Promise<readonly FaceResult[]> {
  try {
    const result = await models.detect(tensor, settings);
    if (result.error) throw new Error(`The face models failed: ${result.error}`);
    return result.face;
  } finally {
    tensor.dispose();
  }
}

/** RGB 0 … 255 in the top left of a black square. */
function squareOf({ data, width, height }: Picture, longest: number): Float32Array {
  const out = new Float32Array(longest * longest * 3);
  for (let y = 0; y < height; y++) {
    let to = y * longest * 3;
    for (let from = y * width * 4; from < (y + 1) * width * 4; from += 4, to += 3) {
      out[to] = data[from] ?? 0;
      out[to + 1] = data[from + 1] ?? 0;
      out[to + 2] = data[from + 2] ?? 0;
    }
  }
  return out;
}
