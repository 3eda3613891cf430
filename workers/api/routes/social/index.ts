/** What people do with a clip: like, comment, report, and what the app notices. */
import type { Api } from '../index.ts';
import { createComment } from './create-comment.ts';
import { reportClip } from './create-report.ts';
import { sendSignal } from './create-signal.ts';
import { deleteComment } from './delete-comment.ts';
import { likeClip, unlikeClip } from './like.ts';
import { listComments } from './list-comments.ts';

export function registerSocialRoutes(app: Api): void {
  for (const router of [
    likeClip,
    unlikeClip,
    listComments,
    createComment,
    deleteComment,
    reportClip,
    sendSignal,
  ]) {
    app.route('/', router);
  }
}
