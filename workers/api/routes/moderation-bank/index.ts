/** The hash bank, for moderators. */
import type { Api } from '../index.ts';
import { bankEntries } from './entries.ts';

export function registerModerationBankRoutes(app: Api): void {
  app.route('/', bankEntries);
}
