/**
 * A time-stamp authority that really signs: certificates of its own, TSTInfo in CMS SignedData, ECDSA P-256. Invariant: what it answers is a
 * proper RFC 3161 response unless a test asks it to lie. Runs in Node and in workerd. Called by provenance-setup.ts (certificates) and the
 * provenance-sign tests. @see RFC 3161 §2.4.2, RFC 5652 §5.4 (what is signed), RFC 5816 (signingCertificateV2)
 */
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  ContentInfo,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  PKIStatus,
  PKIStatusInfo,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
  TSTInfoVersion,
} from '@peculiar/asn1-tsp';
import { decodePem } from '#workers/provenance/core/pem.ts';
import type { TimeStampContext } from './provenance-context.ts';

const oid = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  policy: '1.3.6.1.4.1.13762.3',
} as const;

/** How it may lie. */
export interface Lie {
  readonly digest?: boolean;
  readonly nonce?: boolean;
  readonly refuse?: boolean;
  readonly signature?: boolean;
}

/**
 * Answers a request, DER to DER.
 * @param authority its certificate and key; only the certificate goes into the token
 * @param at time that is stamped
 */
export async function answerTimeStampRequest(
  request: Uint8Array<ArrayBuffer>,
  authority: TimeStampContext['authority'],
  at: Date,
  lie: Lie = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (lie.refuse === true) {
    const status = new PKIStatusInfo({ status: PKIStatus.rejection });
    return new Uint8Array(AsnConvert.serialize(new TimeStampResp({ status })));
  }
  const asked = AsnConvert.parse(request, TimeStampReq);
  const info = new TSTInfo({
    version: TSTInfoVersion.v1,
    policy: oid.policy,
    messageImprint: asked.messageImprint,
    serialNumber: crypto
      .getRandomValues(new Uint8Array(8))
      .map((byte, i) => (i === 0 ? (byte & 0x3f) | 0x40 : byte)).buffer,
    genTime: new Date(Math.floor(at.getTime() / 1000) * 1000),
    ...(asked.nonce === undefined
      ? {}
      : { nonce: lie.nonce === true ? Uint8Array.of(1, 2).buffer : asked.nonce }),
  });
  if (lie.digest === true) info.messageImprint.hashedMessage = new OctetString(new Uint8Array(32).buffer);
  const token = await signedToken(AsnConvert.serialize(info), authority, lie);
  const response = new TimeStampResp({
    status: new PKIStatusInfo({ status: PKIStatus.granted }),
    timeStampToken: token,
  });
  return new Uint8Array(AsnConvert.serialize(response));
}

async function signedToken(
  info: ArrayBuffer,
  authority: TimeStampContext['authority'],
  lie: Lie,
): Promise<ContentInfo> {
  const [der] = decodePem(authority.certificate, 'CERTIFICATE');
  const [pkcs8] = decodePem(authority.privateKey, 'PRIVATE KEY');
  if (der === undefined || pkcs8 === undefined) throw new Error('the authority has no certificate or no key');
  const choice = AsnConvert.parse(der, CertificateChoices);
  const certificate = choice.certificate;
  if (certificate === undefined) throw new Error('not a certificate');
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ]);
  const signedAttrs = [
    new Attribute({ attrType: oid.contentType, attrValues: [objectIdentifier(oid.tstInfo)] }),
    new Attribute({
      attrType: oid.messageDigest,
      attrValues: [AsnConvert.serialize(new OctetString(await sha256(info)))],
    }),
    new Attribute({
      attrType: oid.signingCertificateV2,
      // SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }, SHA-256 being the default algorithm
      attrValues: [
        sequence(sequence(sequence(octetString(new Uint8Array(await sha256(der.slice().buffer)))))).buffer,
      ],
    }),
  ];
  const info0 = new SignerInfo({
    version: 1,
    sid: new SignerIdentifier({
      issuerAndSerialNumber: new IssuerAndSerialNumber({
        issuer: certificate.tbsCertificate.issuer,
        serialNumber: certificate.tbsCertificate.serialNumber,
      }),
    }),
    signedAttrs,
  });
  info0.digestAlgorithm.algorithm = oid.sha256;
  info0.signatureAlgorithm.algorithm = oid.ecdsaWithSha256;
  const toBeSigned = setOf(signedAttrs.map((attribute) => new Uint8Array(AsnConvert.serialize(attribute))));
  const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, toBeSigned));
  if (lie.signature === true) raw[5] = (raw[5] ?? 0) ^ 1;
  info0.signature = new OctetString(ecdsaDer(raw).buffer);
  const algorithms = new DigestAlgorithmIdentifiers();
  algorithms.push(info0.digestAlgorithm);
  const signed = new SignedData({
    version: 3,
    digestAlgorithms: algorithms,
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: oid.tstInfo,
      eContent: new EncapsulatedContent({ single: new OctetString(info) }),
    }),
    certificates: new CertificateSet([choice]),
    signerInfos: new SignerInfos([info0]),
  });
  return new ContentInfo({ contentType: oid.signedData, content: AsnConvert.serialize(signed) });
}

async function sha256(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', bytes);
}

/** DER by hand where the library has no class: tag, length, contents. */
function der(tag: number, contents: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = contents.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Uint8Array.from([tag, ...length, ...contents]);
}
const sequence = (contents: Uint8Array) => der(0x30, contents);
const octetString = (contents: Uint8Array) => der(0x04, contents);

/** SET OF: DER sorts its members. */
function setOf(members: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const sorted = members.toSorted((left, right) => compare(left, right));
  return der(0x31, Uint8Array.from(sorted.flatMap((member) => [...member])));
}

function compare(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, i) => byte !== right[i]);
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? 0);
}

function objectIdentifier(dotted: string): ArrayBuffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const groups = [first * 40 + second, ...rest].flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(0x06, Uint8Array.from(groups)).buffer;
}

/** r ‖ s as SEQUENCE of two INTEGERs. */
function ecdsaDer(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const integer = (bytes: Uint8Array) => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const digits = bytes.subarray(start === -1 ? bytes.length - 1 : start);
    return der(0x02, (digits[0] ?? 0) & 0x80 ? Uint8Array.from([0, ...digits]) : digits);
  };
  return sequence(Uint8Array.from([...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))]));
}
