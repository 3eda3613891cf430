/** Likenesses: enrolment, policy, contracts, appearances, revocations. */
import type { Api } from '../index.ts';
import { listAppearances } from './appearances.ts';
import { listCastable } from './castable.ts';
import { deleteCameo } from './delete.ts';
import { readEnrolment, recordEnrolment, startEnrolment } from './enrolments.ts';
import { readCameoErasure } from './erasure.ts';
import { createGrant, endGrant, listGrants } from './grants.ts';
import { enrolLocally } from './local.ts';
import { getCameoPortrait } from './portrait.ts';
import { readCameo } from './read.ts';
import { decideCameoReview } from './reviews.ts';
import { previewRevocation, revokeConsent } from './revocations.ts';
import { updateCameo } from './update.ts';

export function registerCameoRoutes(app: Api): void {
  for (const router of [
    readCameo,
    updateCameo,
    deleteCameo,
    listCastable,
    createGrant,
    listGrants,
    endGrant,
    decideCameoReview,
    previewRevocation,
    revokeConsent,
    enrolLocally,
    getCameoPortrait,
    startEnrolment,
    readEnrolment,
    recordEnrolment,
    listAppearances,
    readCameoErasure,
  ])
    app.route('/', router);
}
