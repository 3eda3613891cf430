/**
 * One plain sentence per C2PA validation status code. Invariant: data only; a sentence says what was found, never more than
 * the code does, and the same whether or not the file is ours. Called by report.ts.
 * @see C2PA 2.4 §15.2.2 (standard status codes), CAWG identity 1.2 §7 (`cawg.*`)
 */
const explanations: Readonly<Record<string, string>> = {
  // Success
  'claimSignature.validated': 'The signature matches the manifest.',
  'claimSignature.insideValidity': "The signer's certificate was valid when the manifest was signed.",
  'signingCredential.trusted': 'The signer is on a list of signers we trust.',
  'signingCredential.ocsp.notRevoked': "The signer's certificate had not been revoked when it was signed.",
  'timeStamp.validated': 'The time stamp fits the signature.',
  'timeStamp.trusted': 'The time stamp comes from an authority we trust.',
  'timeOfSigning.insideValidity': "The stated time of signing lies within the certificate's validity.",
  'assertion.hashedURI.match': 'This statement is unchanged since it was signed.',
  'assertion.dataHash.match': 'The file is unchanged since it was signed.',
  'assertion.bmffHash.match': 'The video and its sound are unchanged since they were signed.',
  'assertion.boxesHash.match': 'The parts of the file are unchanged since they were signed.',
  'assertion.collectionHash.match': 'All files of the collection are unchanged since they were signed.',
  'assertion.multiAssetHash.match': 'All parts of the file are unchanged since they were signed.',
  'assertion.accessible': 'A statement kept outside the file could be fetched.',
  'ingredient.manifest.validated': 'The credentials of a source are included and unchanged.',
  'ingredient.claimSignature.validated': "The signature in a source's credentials is unchanged.",
  // Informational
  'signingCredential.ocsp.skipped':
    "Whether the signer's certificate has been revoked was not checked online.",
  'signingCredential.ocsp.inaccessible':
    "Whether the signer's certificate has been revoked could not be found out.",
  'timeStamp.mismatch': 'The time stamp belongs to something else and was ignored.',
  'timeStamp.malformed': 'The time stamp is damaged and was ignored.',
  'timeStamp.outsideValidity':
    'The time stamp was made outside the validity of its certificate and was ignored.',
  'timeStamp.untrusted': 'The time stamp comes from an authority we do not know and was ignored.',
  'timeStamp.credentialInvalid':
    "The time stamp authority's certificate may not be used for this; the stamp was ignored.",
  'timeOfSigning.outsideValidity': "The stated time of signing lies outside the certificate's validity.",
  'manifest.unknownProvenance': 'The manifest is of a kind that cannot be interpreted here.',
  'manifest.unreferenced': 'The file carries a manifest that nothing refers to.',
  'ingredient.unknownProvenance': 'A source has no Content Credentials of its own.',
  'algorithm.deprecated': 'An outdated but still accepted algorithm was used.',
  'assertion.dataHash.additionalExclusionsPresent':
    'More of the file than usual was left out when it was signed.',
  'assertion.bmffHash.additionalExclusionsPresent':
    'Some padding boxes that hold no picture or sound were left out when the file was signed.',
  'assertion.boxesHash.additionalExclusionsPresent':
    'More parts of the file than usual were left out when it was signed.',
  // Failure: claim and signature
  'claim.missing': 'The manifest has no claim, so there is nothing to check.',
  'claim.multiple': 'The manifest has more than one claim, so it is not clear what was signed.',
  'claim.malformed': 'The claim is damaged.',
  'claim.required.missing': 'The claim lacks a required field.',
  'claim.cbor.invalid': 'The claim is not readable.',
  'claim.hardBindings.missing': 'The manifest is not bound to this file.',
  'claimSignature.missing': 'The manifest is not signed.',
  'claimSignature.mismatch': 'The signature does not match: the manifest was changed after it was signed.',
  'claimSignature.outsideValidity':
    "The manifest was signed outside the validity of the signer's certificate.",
  'signingCredential.untrusted': 'The signer is not on a list of signers we trust.',
  'signingCredential.invalid': "The signer's certificate may not be used to sign Content Credentials.",
  'signingCredential.expired':
    "The signer's certificate has expired and no time stamp proves that it was used before.",
  'signingCredential.ocsp.revoked': "The signer's certificate has been revoked.",
  'signingCredential.ocsp.unknown': "The issuer of the signer's certificate does not know it.",
  'algorithm.unsupported': 'An algorithm was used that is unknown or not accepted.',
  // Failure: manifest
  'manifest.inaccessible': 'The credentials are kept at another address and were not fetched.',
  'manifest.multipleParents': 'The manifest names more than one file as its parent.',
  'manifest.update.invalid': 'An update of the manifest contains what an update may not contain.',
  'manifest.update.wrongParents': 'An update of the manifest does not name exactly one parent.',
  'manifest.timestamp.invalid': 'A time-stamp manifest contains more than a time stamp.',
  'manifest.timestamp.wrongParents': 'A time-stamp manifest does not name exactly one parent.',
  'manifest.compressed.invalid': 'The compressed manifest is damaged.',
  'manifest.html.multipleManifests': 'The page carries more than one manifest, so none counts.',
  'manifest.text.corruptedWrapper': 'The manifest in the text is damaged.',
  'manifest.text.multipleWrappers': 'The text carries more than one manifest, so none counts.',
  'manifest.structuredText.noManifest': 'The place for a manifest in the text is incomplete.',
  'manifest.structuredText.emptyReference': 'The place for a manifest in the text is empty.',
  'manifest.structuredText.malformedReference':
    'The text refers to its manifest in a way that cannot be read.',
  'manifest.structuredText.multipleReferences': 'The text refers to more than one manifest, so none counts.',
  'manifest.structuredText.noResolutionPath':
    'The text refers to a manifest at an address that cannot be resolved.',
  'hashedURI.missing': 'Something the manifest refers to is not there.',
  'hashedURI.mismatch': 'Something the manifest refers to was changed after it was signed.',
  // Failure: assertions
  'assertion.missing': 'A statement that was signed is missing.',
  'assertion.undeclared': 'The manifest contains a statement that was not signed.',
  'assertion.inaccessible': 'A statement kept outside the file could not be fetched.',
  'assertion.outsideManifest': 'A statement of this manifest lies in another one.',
  'assertion.notRedacted': 'A statement said to have been removed is still there.',
  'assertion.selfRedacted': 'The manifest claims to have removed a statement of its own.',
  'assertion.required.missing': 'A statement lacks a required field.',
  'assertion.json.invalid': 'A statement is not readable (JSON).',
  'assertion.cbor.invalid': 'A statement is not readable (CBOR).',
  'assertion.hashedURI.mismatch': 'A statement was changed after it was signed.',
  'assertion.multipleHardBindings':
    'The manifest is bound to the file in more than one way, so neither counts.',
  'assertion.hardBinding.redacted': 'The binding between manifest and file was removed.',
  'assertion.action.malformed': 'The list of actions is not well formed.',
  'assertion.action.ingredientMismatch': 'An action refers to a source that is not there.',
  'assertion.action.redactionMismatch': 'An action reports a removal that cannot be found.',
  'assertion.action.redacted': 'A list of actions was removed, which is not allowed.',
  'assertion.action.softBindingMissing': 'An action reports a watermark that the manifest does not describe.',
  'assertion.dataHash.mismatch': 'The file was changed after it was signed.',
  'assertion.dataHash.malformed': 'The binding to the file is not well formed.',
  'assertion.dataHash.redacted': 'The binding between manifest and file was removed.',
  'assertion.bmffHash.mismatch': 'The video was changed after it was signed.',
  'assertion.bmffHash.malformed': 'The binding to the video is not well formed.',
  'assertion.boxesHash.mismatch': 'A part of the file was changed after it was signed.',
  'assertion.boxesHash.malformed': 'The binding to the parts of the file is not well formed.',
  'assertion.boxesHash.unknownBox': 'The file contains a part that was not there when it was signed.',
  'assertion.collectionHash.mismatch': 'A file of the collection was changed after it was signed.',
  'assertion.collectionHash.incorrectFileCount': 'The collection has more or fewer files than were signed.',
  'assertion.collectionHash.invalidURI': 'The collection refers to a file outside itself.',
  'assertion.collectionHash.malformed': 'The binding to the collection is not well formed.',
  'assertion.multiAssetHash.mismatch': 'A part of the file was changed after it was signed.',
  'assertion.multiAssetHash.malformed': 'The binding to the parts of the file is not well formed.',
  'assertion.multiAssetHash.missingPart': 'A part that was signed is missing.',
  'assertion.cloud-data.hardBinding': 'The binding to the file is kept outside it, which is not allowed.',
  'assertion.cloud-data.actions': 'An update keeps its actions outside the file, which is not allowed.',
  'assertion.cloud-data.labelMismatch':
    'A statement kept outside the file is not the one that was announced.',
  'assertion.cloud-data.malformed': 'A statement kept outside the file is not well described.',
  'assertion.external-reference.labelMismatch': 'Something outside the file is not what was announced.',
  'assertion.external-reference.hashMismatch': 'Something outside the file was changed after it was signed.',
  'assertion.alternativeContentRepresentation.missing':
    'Another version of the content that was signed is missing.',
  'assertion.alternativeContentRepresentation.malformed':
    'Another version of the content is not well described.',
  'assertion.alternativeContentRepresentation.hashMismatch':
    'Another version of the content was changed after it was signed.',
  'assertion.external-reference.created':
    'An external reference is listed as made by the signer, which is not allowed.',
  'assertion.external-reference.hardBinding':
    'The binding to the file is kept outside it, which is not allowed.',
  'assertion.external-reference.actions': 'The actions are kept outside the file, which is not allowed.',
  'assertion.external-reference.malformed': 'A reference to something outside the file is not well formed.',
  'assertion.ingredient.malformed': 'The description of a source is not well formed.',
  'assertion.metadata.disallowed': 'The metadata contains a field that may not be there.',
  'assertion.timestamp.malformed': 'A time stamp kept as a statement is damaged.',
  'ingredient.hashedURI.mismatch': 'The credentials of a source were changed after this manifest was signed.',
  'ingredient.manifest.missing': 'The credentials of a source are missing.',
  'ingredient.manifest.mismatch': 'The credentials of a source were changed after this manifest was signed.',
  'ingredient.claimSignature.missing': "The signature in a source's credentials is missing.",
  'ingredient.claimSignature.mismatch': "The signature in a source's credentials was exchanged.",
  'general.error': 'The Content Credentials are damaged and cannot be read.',
  'com.adobe.prerelease': 'The file was signed by a test version of the software.',
  // Creator Assertions Working Group: who stands behind a statement
  'cawg.identity.well-formed':
    'An identity is attached and well formed; who it belongs to is a separate question.',
  'cawg.identity.trusted': 'An identity is attached and confirmed by somebody we trust.',
  'cawg.identity.cbor.invalid': 'The attached identity is not readable.',
  'cawg.identity.assertion.mismatch': 'The attached identity speaks about a statement that is not there.',
  'cawg.identity.assertion.duplicate': 'The attached identity names the same statement twice.',
  'cawg.identity.hard_binding_missing': 'The attached identity is not bound to this file.',
  'cawg.identity.pad.invalid': 'The attached identity carries hidden data in its padding.',
  'cawg.identity.sig_type.unknown': 'The attached identity is of an unknown kind.',
  'cawg.identity.expected_partial_claim.mismatch': 'The attached identity expects another manifest.',
  'cawg.identity.expected_claim_generator.mismatch': 'The attached identity expects another claim generator.',
  'cawg.identity.expected_countersigner.mismatch': 'The attached identity expects other co-signers.',
  'cawg.identity.expected_countersigner.missing':
    'A co-signer that the attached identity expects is missing.',
  'cawg.ica.credential_valid': 'The attached identity credential is genuine.',
  'cawg.ica.did_unavailable': 'The issuer of the attached identity could not be looked up.',
  'cawg.ica.invalid_alg': 'The attached identity uses an algorithm that is not accepted.',
  'cawg.ica.invalid_content_type': 'The attached identity is of an unexpected type.',
  'cawg.ica.invalid_cose_sign1': 'The signature of the attached identity is not readable.',
  'cawg.ica.invalid_did_document': "The issuer's identity document is damaged.",
  'cawg.ica.invalid_issuer': 'The issuer of the attached identity is not named correctly.',
  'cawg.ica.invalid_verifiable_credential': 'The attached identity credential is damaged.',
  'cawg.ica.signature_mismatch': 'The signature of the attached identity does not match.',
  'cawg.ica.signer_payload.mismatch': 'The attached identity was made for another file.',
  'cawg.ica.time_stamp.invalid': 'The time stamp of the attached identity is damaged.',
  'cawg.ica.time_stamp.validated': 'The time stamp of the attached identity fits.',
  'cawg.ica.untrusted_issuer': 'The issuer of the attached identity is not one we trust.',
  'cawg.ica.valid_from.invalid': 'The attached identity was not valid yet.',
  'cawg.ica.valid_from.missing': 'The attached identity does not say since when it is valid.',
  'cawg.ica.valid_until.invalid': 'The attached identity was no longer valid.',
  'cawg.ica.revoked': 'The attached identity has been revoked.',
  'cawg.ica.not_revoked': 'The attached identity has not been revoked.',
  'cawg.ica.revocation.unavailable': 'Whether the attached identity has been revoked could not be found out.',
  'cawg.x509.signature.validated': 'The signature of the attached identity fits.',
  'cawg.x509.signature.mismatch': 'The signature of the attached identity does not match.',
  'cawg.x509.signature.outside_validity':
    "The attached identity was used outside its certificate's validity.",
  'cawg.x509.credential.trusted': 'The certificate of the attached identity is one we trust.',
  'cawg.x509.credential.untrusted': 'The certificate of the attached identity is not one we trust.',
  'cawg.x509.credential.invalid': 'The certificate of the attached identity may not be used for this.',
  'cawg.x509.algorithm.unsupported': 'The attached identity uses an algorithm that is not accepted.',
};

const unknown = 'The check gave a result we have no words for yet; its code says what was found.';

/** The sentence for a code; codes added to the specification later get a general one. */
export function explain(code: string): string {
  return Object.hasOwn(explanations, code) ? (explanations[code] ?? unknown) : unknown;
}

/** Every code with a sentence of its own. */
export const explainedCodes: readonly string[] = Object.keys(explanations);
