/**
 * The closed registry of error codes: each with its HTTP status and the sentence people see when a refusal brings none.
 * Unknown faults always leave as `internal`; their cause goes to the log only.
 */
import { z } from 'zod';

export const errors = {
  bad_request: [400, 'The request is not valid.'],
  challenge_expired: [400, 'This challenge has expired or was used already. Ask for a new one.'],
  passkey_invalid: [400, 'The passkey could not be verified. Try again or use another one.'],
  cursor_invalid: [400, 'This page link is not valid any more. Start again from the first page.'],
  unauthenticated: [401, 'Sign in first.'],
  node_signature_invalid: [401, 'The request is not signed by a known render node.'],
  credits_insufficient: [402, 'There are not enough credits left today for this clip.'],
  forbidden: [403, 'You are not allowed to do this.'],
  account_suspended: [403, 'This account is suspended.'],
  clip_locked: [403, 'Somebody in this clip has locked it against remixes and changes.'],
  remix_refused: [403, 'This clip cannot be remixed.'],
  cameo_rule: [403, 'The rules this person has set for their likeness do not allow this.'],
  review_pending: [403, 'A person in this clip has to agree first. They have been asked.'],
  consent_denied: [403, 'A person whose consent this needs has not given it or has withdrawn it.'],
  not_found: [404, 'There is nothing here.'],
  method_not_allowed: [405, 'This address does not answer that method.'],
  conflict: [409, 'This cannot be done in the present state.'],
  handle_taken: [409, 'That handle is taken. Choose another.'],
  already_final: [409, 'This has already ended and cannot be changed.'],
  stale_claim: [409, 'This claim has run out or somebody else holds the case.'],
  stale_version: [409, 'The case has changed since you looked at it. Look again and decide.'],
  already_decided: [409, 'Somebody has decided this case already.'],
  stale_lease: [409, 'The job was leased again or has ended; this result is not needed.'],
  upload_incomplete: [409, 'Not every part of this upload has arrived.'],
  clip_deleted: [410, 'This clip was deleted.'],
  upload_expired: [410, 'This upload was not completed in time. Start it again.'],
  payload_too_large: [413, 'The body is larger than this address accepts.'],
  media_type_unsupported: [415, 'This media type is not accepted here.'],
  range_not_satisfiable: [416, 'That range lies outside the file.'],
  policy_refused: [422, 'This was not made because of a rule. The details name the rule and the place.'],
  capability_missing: [422, 'No engine that is available can do this.'],
  idempotency_mismatch: [422, 'This idempotency key was used for a different request.'],
  lineage_too_large: [422, 'This remix would carry the consent of more people than a clip can hold.'],
  enrolment_refused: [422, 'The recording did not pass. Every check says what to do.'],
  output_invalid: [422, 'The rendered file is not a valid clip.'],
  audio_missing: [422, 'The engine promised sound and returned none.'],
  checksum_mismatch: [422, 'The bytes do not match their checksum. Upload again.'],
  exposure_capped: [
    429,
    'You have seen enough of this kind for today. Skip the case; that costs you nothing.',
  ],
  rate_limited: [429, 'Too many requests. Wait a moment and try again.'],
  backlog_full: [429, 'The queue is full at the moment. Try again in a little while.'],
  engine_failed: [502, 'The engine failed while making this clip. Your credits were returned.'],
  consent_unavailable: [503, 'Consent cannot be checked at the moment. Try again in a few seconds.'],
  engine_unavailable: [503, 'No render node is connected at the moment.'],
  deadline_exceeded: [504, 'Making this clip took too long. Your credits were returned.'],
  provenance_failed: [
    500,
    'The Content Credentials of this clip could not be made or verified, so it was not published.',
  ],
  internal: [500, 'Something went wrong on our side. The request id helps us find it.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type ErrorCode = keyof typeof errors;
export type ErrorStatus = (typeof errors)[ErrorCode][0];
export const errorCodes = Object.keys(errors) as [ErrorCode, ...ErrorCode[]];

/** HTTP status of a code. */
export function statusOf(code: ErrorCode): ErrorStatus {
  return errors[code][0];
}

/** The default sentence of a code. */
export function sentenceOf(code: ErrorCode): string {
  return errors[code][1];
}

/** The one error envelope of the HTTP API. */
export const errorEnvelopeSchema = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorEnvelope = z.infer<typeof errorEnvelopeSchema>;
