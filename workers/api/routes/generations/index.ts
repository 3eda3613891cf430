/** From a prompt to a draft (architecture.md §5). */
import type { Api } from '../index.ts';
import { createGeneration } from './create.ts';
import { cancelGeneration, listGenerations, readGeneration, watchGeneration } from './read.ts';

export function registerGenerationRoutes(app: Api): void {
  for (const router of [createGeneration, readGeneration, listGenerations, cancelGeneration, watchGeneration])
    app.route('/', router);
}
