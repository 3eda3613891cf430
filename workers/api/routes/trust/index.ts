import type { Api } from '../index.ts';
import { readTrustLists } from './read.ts';

export function registerTrustRoutes(app: Api): void {
  app.route('/', readTrustLists);
}
