/** Profiles and who follows whom. */
import type { Api } from '../index.ts';
import { followAccount, unfollowAccount } from './follow.ts';
import { listClipsOfAccount } from './list-clips.ts';
import { getProfile } from './profile.ts';

export function registerAccountRoutes(app: Api): void {
  for (const router of [getProfile, listClipsOfAccount, followAccount, unfollowAccount])
    app.route('/', router);
}
