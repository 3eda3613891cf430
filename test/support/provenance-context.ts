/**
 * What the Node side of the provenance tests hands to the side inside workerd. Types only, so both type checks can read it.
 */
/** The provenance worker's secrets. A type alias, so that it can serve as an index signature. */
export type SigningSecrets = {
  readonly C2PA_SIGNING_KEY: string;
  readonly C2PA_SIGNING_CHAIN: string;
  readonly C2PA_TRUST_ANCHORS: string;
};

/** A time-stamp authority and the root its certificate was issued by. */
export interface TimeStampContext {
  readonly root: string;
  readonly authority: { readonly certificate: string; readonly privateKey: string };
}

/** Texts of the official Asset Rubrics. */
export interface RubricTexts {
  readonly conformance: string;
  readonly integrity: string;
  readonly signals: string;
}

/** One file and the verdict on it. */
export interface ReferenceFile {
  readonly name: string;
  readonly mediaType: string;
  readonly base64: string;
  /** c2pa-wasm's `validation_state`, or what it threw. */
  readonly expected:
    | { readonly state: string; readonly failures: readonly string[] }
    | { readonly thrown: string };
}

/** The files with their trust anchors; null where the folder is absent. */
export interface Reference {
  readonly anchors: string;
  readonly files: readonly ReferenceFile[];
}

declare module 'vitest' {
  interface ProvidedContext {
    signingSecrets: SigningSecrets;
    /** A CA that the worker under test does not trust. */
    strangerSecrets: SigningSecrets;
    /** Base64 MP4 files. */
    videos: { readonly dark: string; readonly bright: string };
    reference: Reference | null;
    timeStamps: TimeStampContext;
    /** Null where the folder is absent. */
    rubrics: RubricTexts | null;
  }
}
