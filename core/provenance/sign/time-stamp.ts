/**
 * RFC 3161 messages. Invariant: a token is accepted only if it was granted for exactly the bytes and the nonce that were sent; whether its
 * signature and its authority hold is c2pa-rs's to say when the signed file is verified. Called by the worker's time-stamp client.
 * @see RFC 3161 §2.4 (request, response, TSTInfo), RFC 5652 §5 (SignedData)
 */
import { ContentInfo, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  MessageImprint,
  PKIStatus,
  TimeStampReq,
  TimeStampReqVersion,
  TimeStampResp,
  TSTInfo,
} from '@peculiar/asn1-tsp';
import { fail, ok, type Result } from '#schemas/result.ts';
import { equal } from '../bmff-boxes.ts';

const sha256Oid = '2.16.840.1.101.3.4.2.1';
const signedDataOid = '1.2.840.113549.1.7.2';
const tstInfoOid = '1.2.840.113549.1.9.16.1.4';

/** What was asked for, to be compared with what came. */
export interface TimeStampQuery {
  /** SHA-256 of the message. */
  readonly digest: Uint8Array;
  /** 8 random bytes, the first of them 1 … 127, so that it is a positive DER integer of fixed length. */
  readonly nonce: Uint8Array;
}

/** The request, DER. It asks for the authority's certificate, without which nobody could check the token. */
export function encodeTimeStampRequest({ digest, nonce }: TimeStampQuery): Uint8Array<ArrayBuffer> {
  const messageImprint = new MessageImprint({ hashedMessage: new OctetString(digest.slice().buffer) });
  messageImprint.hashAlgorithm.algorithm = sha256Oid;
  messageImprint.hashAlgorithm.parameters = null;
  const request = new TimeStampReq({
    version: TimeStampReqVersion.v1,
    messageImprint,
    nonce: nonce.slice().buffer,
    certReq: true,
  });
  return new Uint8Array(AsnConvert.serialize(request));
}

/**
 * The token in a response, DER as it came.
 * Fails with `provenance_failed` and a reason: `time_stamp_malformed`, `time_stamp_refused` (with the status) or `time_stamp_mismatch`.
 */
export function tokenOf(response: Uint8Array<ArrayBuffer>, query: TimeStampQuery): Result<Uint8Array> {
  const parsed = parse(response);
  if (parsed === null) return refused('time_stamp_malformed');
  const { status, token, info } = parsed;
  if (status !== PKIStatus.granted && status !== PKIStatus.grantedWithMods)
    return refused('time_stamp_refused', status);
  if (token === null || info === null) return refused('time_stamp_malformed');
  const imprint = info.messageImprint;
  const fits =
    imprint.hashAlgorithm.algorithm === sha256Oid &&
    equal(new Uint8Array(imprint.hashedMessage.buffer), query.digest) &&
    info.nonce !== undefined &&
    equal(new Uint8Array(info.nonce), query.nonce);
  return fits ? ok(token) : refused('time_stamp_mismatch');
}

interface ParsedResponse {
  readonly status: PKIStatus;
  readonly token: Uint8Array | null;
  readonly info: TSTInfo | null;
}

/** Null where the bytes are not ASN.1 of that shape: the parser throws, whatever is wrong. */
function parse(response: Uint8Array<ArrayBuffer>): ParsedResponse | null {
  try {
    const { status, timeStampToken } = AsnConvert.parse(response, TimeStampResp);
    if (timeStampToken === undefined) return { status: status.status, token: null, info: null };
    if (timeStampToken.contentType !== signedDataOid) return null;
    const signed = AsnConvert.parse(timeStampToken.content, SignedData);
    const content = signed.encapContentInfo.eContent?.single;
    if (signed.encapContentInfo.eContentType !== tstInfoOid || content === undefined) return null;
    const info = AsnConvert.parse(content.buffer, TSTInfo);
    const token = AsnConvert.serialize(new ContentInfo(timeStampToken));
    return { status: status.status, token: new Uint8Array(token), info };
  } catch {
    return null;
  }
}

function refused(reason: string, status: number | null = null): Result<never> {
  return fail('provenance_failed', undefined, { reason, ...(status === null ? {} : { status }) });
}
