/**
 * The inspection process: takes one request at a time from its parent and answers with the report. A process of its own, because what it
 * opens was sent in by strangers and because the models hold a core for seconds. Ends with its parent. Started by inspector.ts.
 */
import { inspect } from './inspect.ts';
import type { FromInspection, ToInspection } from './messages.ts';

const say = (message: FromInspection): void => {
  process.send?.(message);
};

process.on('disconnect', () => process.exit(0));
process.on('message', (request: ToInspection) => {
  inspect(request).then(
    (outcome) => say({ kind: 'inspected', outcome }),
    // The name alone: a message could quote what was in the file.
    (error: unknown) => say({ kind: 'failed', error: error instanceof Error ? error.name : typeof error }),
  );
});
