/**
 * Where spoken digits are recognised. This node uses PocketSphinx when it is installed and otherwise says that it cannot tell; another
 * recogniser is another implementation of this interface. Called by inspect.ts.
 */
import type { Heard } from './core/digits.ts';
import { findPocketSphinx } from './pocketsphinx.ts';

export interface SpeechRecogniser {
  readonly name: string;
  /**
   * @param samples mono at 16 kHz, speech with little around it. @param asked the digits that should be in it.
   * @param folder a private folder for what it needs to write; the caller removes it.
   */
  hear(samples: Float32Array, asked: string, folder: string): Promise<Heard>;
}

/** For machines without a recogniser. */
export const noRecogniser: SpeechRecogniser = {
  name: 'none',
  hear: () => Promise.resolve({ kind: 'unavailable' }),
};

let found: Promise<SpeechRecogniser> | undefined;

/** Looked up once per process. */
export function findRecogniser(): Promise<SpeechRecogniser> {
  found ??= findPocketSphinx().then((recogniser) => recogniser ?? noRecogniser);
  return found;
}
