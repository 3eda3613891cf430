/** Verification for everybody: a file, or a link. */
import type { Api } from '../index.ts';
import { verifyFile } from './verify-file.ts';
import { verifyLink } from './verify-link.ts';

export function registerVerifyRoutes(app: Api): void {
  for (const router of [verifyFile, verifyLink]) app.route('/', router);
}
