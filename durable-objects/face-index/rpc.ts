/**
 * RPC surface of the FaceIndex object (one, `main`): templates encrypted each under its own key (K-21), compared only when
 * somebody enrols or a clip shows a face; and what all enrolments share: how many an account may open a day, and which recordings were used already.
 */
import type { Id } from '#schemas/ids.ts';
import type { Result } from '#schemas/result.ts';

/** A face template under a key of its own, which BIOMETRICS_KEY wraps. Base64, all three; opened only by vault.ts. */
export interface SealedTemplate {
  /** AES-KW (RFC 3394): the 256-bit key of this one template. */
  readonly wrappedKey: string;
  /** 96 bits, AES-GCM. */
  readonly iv: string;
  readonly ciphertext: string;
}

/** What a template may be opened for: named when it is sealed and again when it is opened, so that it cannot be passed off as another's. */
export type TemplateContext = `enrolment:${Id<'enr'>}` | `account:${Id<'acc'>}`;

/**
 * `similar`: another account has enrolled this face. `other-face`: this account has enrolled another face before. Neither says whose, or
 * how near.
 */
export type FaceOutcome = 'stored' | 'similar' | 'other-face';

/** Whose face one of those that were shown is, at or above the measure that is held against everybody. */
export interface RecognisedFace {
  /** Which of those that were shown. */
  readonly face: number;
  readonly accountId: Id<'acc'>;
  /** 0..1. */
  readonly similarity: number;
}

export interface FaceIndexRpc {
  /** Notes that a challenge is asked for. Idempotent by enrolment. Refuses with rate_limited above ten in 24 hours. */
  admitChallenge(accountId: Id<'acc'>, enrolmentId: Id<'enr'>): Promise<Result<void>>;
  /** Notes a recording as used. False when the same bytes were used for another enrolment within 30 days. Idempotent by enrolment. */
  claimRecording(enrolmentId: Id<'enr'>, sha256: string): Promise<boolean>;
  /**
   * Stores the template unless it is somebody else's face or not the one this account enrolled before; `confirmed`: a person has looked,
   * store it either way. Replaces an earlier template of the same account. Idempotent by enrolment.
   */
  enrol(input: {
    readonly accountId: Id<'acc'>;
    readonly enrolmentId: Id<'enr'>;
    /** Sealed for `enrolment:<id>`. */
    readonly template: SealedTemplate;
    readonly confirmed: boolean;
  }): Promise<FaceOutcome>;
  /**
   * Whose faces these are, the most alike of each; nobody's where none is alike enough. For the output policy: what is shown is compared
   * and forgotten. At most eight.
   */
  recognise(embeddings: readonly (readonly number[])[]): Promise<readonly RecognisedFace[]>;
  /** Takes back what this enrolment stored; anything else stays. Idempotent. */
  discard(accountId: Id<'acc'>, enrolmentId: Id<'enr'>): Promise<void>;
  /** Destroys the key and the ciphertext, and ends every enrolment that is under way; answers how many templates there were. Idempotent. */
  erase(accountId: Id<'acc'>): Promise<{ readonly erased: number }>;
}
