/** What happened to me and my likeness (K-14). */
import type { Api } from '../index.ts';
import { listInbox } from './list.ts';
import { watchInbox } from './live.ts';
import { markInboxRead } from './mark-read.ts';

export function registerInboxRoutes(app: Api): void {
  for (const router of [listInbox, markInboxRead, watchInbox]) app.route('/', router);
}
