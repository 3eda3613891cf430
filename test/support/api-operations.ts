/**
 * What every operation of the API promises about who may call it, beside the OpenAPI document: the security battery checks that the two
 * name the same operations and that the Worker keeps both. A new route fails the battery until it has a row here.
 */

export type Access =
  /** Anybody; a session may change what is seen. */
  | { readonly kind: 'public' }
  /** Any signed-in account. */
  | { readonly kind: 'session' }
  /** The owner of the resource; `others` is what everybody else is told, `draft` what they are told about a clip not published. */
  | { readonly kind: 'owner'; readonly others: string; readonly draft?: string }
  /** A render node's signature. */
  | { readonly kind: 'node' };

const open: Access = { kind: 'public' };
const session: Access = { kind: 'session' };
const node: Access = { kind: 'node' };
const mine: Access = { kind: 'owner', others: '404 not_found' };
const ownClip: Access = { kind: 'owner', others: '403 forbidden', draft: '404 not_found' };

export const accessOf: Readonly<Record<string, Access>> = {
  signInLocally: open,
  startPasskeyRegistration: open,
  finishPasskeyRegistration: open,
  startPasskeySignIn: open,
  finishPasskeySignIn: open,
  signOut: open,
  getMe: session,
  getConfig: open,
  getHealth: open,
  getProfile: open,
  listClipsOfAccount: open,
  followAccount: session,
  unfollowAccount: session,
  createGeneration: session,
  listGenerations: session,
  getGeneration: mine,
  cancelGeneration: mine,
  watchGeneration: mine,
  getClip: open,
  deleteClip: ownClip,
  getLineage: open,
  listCoOwners: open,
  publishClip: ownClip,
  lockClip: ownClip,
  unlockClip: ownClip,
  hideClip: ownClip,
  unhideClip: ownClip,
  askRecast: ownClip,
  recastClip: ownClip,
  getProvenance: open,
  listMyClips: session,
  likeClip: session,
  unlikeClip: session,
  listComments: open,
  createComment: session,
  deleteComment: { kind: 'owner', others: '403 forbidden' },
  reportClip: open,
  sendSignal: open,
  getFeed: open,
  search: open,
  getMedia: open,
  getRevocation: open,
  getConsentCheckpoint: open,
  getConsentLogKey: open,
  getConsentTile: open,
  startEnrolment: session,
  getEnrolment: mine,
  putEnrolmentRecording: mine,
  getClipErasure: mine,
  getCameoErasure: session,
  listAppearances: session,
  getCameo: session,
  updateCameo: session,
  deleteCameo: session,
  listCastable: session,
  createGrant: session,
  listGrants: session,
  endGrant: mine,
  decideReview: mine,
  previewRevocation: session,
  revokeConsent: session,
  enrolLocally: session,
  getCameoPortrait: session,
  listInbox: session,
  markInboxRead: session,
  watchInbox: session,
  leaseRenderJob: node,
  heartbeatRenderJob: node,
  putRenderOutput: node,
  getRenderPortrait: node,
  completeRenderJob: node,
  failRenderJob: node,
  leaseInspection: node,
  getInspectionMedia: node,
  putInspectionPortrait: node,
  completeInspection: node,
  failInspection: node,
  confirmRenderErasures: node,
  getRenderStatus: open,
  listEngines: open,
  getOpenApi: open,
  getDocs: open,
  getDocsStyle: open,
};

const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key' };

/** A body that is valid in shape for every operation that takes one. */
export const validBody: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  signInLocally: { handle: 'battery' },
  startPasskeyRegistration: { handle: 'battery-key' },
  finishPasskeyRegistration: {
    response: { ...credential, response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' } },
  },
  startPasskeySignIn: {},
  finishPasskeySignIn: {
    response: {
      ...credential,
      response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA', userHandle: 'AAAA' },
    },
  },
  createGeneration: { prompt: 'a ball bounces' },
  publishClip: { caption: 'Look' },
  askRecast: { note: '' },
  recastClip: { without: ['somebody'] },
  createComment: { text: 'nice' },
  reportClip: { reason: 'spam' },
  sendSignal: { type: 'view' },
  markInboxRead: { ids: 'all' },
  confirmRenderErasures: { erased: [] },
  startEnrolment: { keepForRendering: false },
  updateCameo: { level: 'only-me' },
  createGrant: { handle: 'somebody', purpose: 'a birthday film' },
  decideReview: { decision: 'approve' },
  previewRevocation: { scope: 'all', existing: 'keep' },
  revokeConsent: { scope: 'clip', target: 'clip_0000000000000000000000000a', existing: 'keep' },
  enrolLocally: { level: 'only-me' },
  leaseInspection: {},
  completeInspection: {},
  failInspection: { fence: 1, code: 'inspection_failed', message: 'no', retryable: true },
  leaseRenderJob: {},
  heartbeatRenderJob: { fence: 1, stage: 'drawing', progress: 0.5 },
  completeRenderJob: {},
  failRenderJob: { fence: 1, code: 'engine_failed', message: 'no', retryable: true },
};
