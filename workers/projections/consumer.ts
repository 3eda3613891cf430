/**
 * Consumer of the `kinora-projections` queue. Invariants: a message is acknowledged only after everything it asks for is done; one
 * that fails is retried by itself and holds no other one up; one that makes no sense ends in the dead letter queue, and the log
 * says that it did without saying what was in it. Called by the runtime (workers/index.ts).
 */
import { shortError } from '#durable-objects/shared/core/drain.ts';
import { log } from '#durable-objects/shared/log.ts';
import { type Projection, projectionSchema } from '#schemas/projections.ts';
import { applyProjections, type ProjectionEnv } from './apply.ts';

/** Retries of a message that cannot be read: a newer version of this code may know it. The queue gives up after `max_retries`. */
const poisonDelaySeconds = 60;
const retryDelaySeconds = (attempts: number): number => Math.min(300, 2 ** Math.min(attempts, 8));

interface Readable {
  readonly message: Message<unknown>;
  readonly projection: Projection;
}

/** The whole batch in one go; if that fails, message by message, so that a bad one is alone with its fault. */
export async function handleProjections(batch: MessageBatch<unknown>, env: ProjectionEnv): Promise<void> {
  const readable: Readable[] = [];
  for (const message of batch.messages) {
    const parsed = projectionSchema.safeParse(message.body);
    if (parsed.success) readable.push({ message, projection: parsed.data });
    else refuse(message, parsed.error.issues[0]?.path.join('.') ?? '');
  }
  if (readable.length === 0) return;
  try {
    await applyProjections(
      env,
      readable.map(({ projection }) => projection),
    );
    for (const { message } of readable) message.ack();
  } catch (error) {
    log('warn', 'projection batch failed', { size: readable.length, error: shortError(error) });
    for (const item of readable) await applyAlone(env, item);
  }
}

async function applyAlone(env: ProjectionEnv, { message, projection }: Readable): Promise<void> {
  try {
    await applyProjections(env, [projection]);
    message.ack();
  } catch (error) {
    const { id, attempts } = message;
    log('error', 'projection failed', { id, attempts, kind: projection.kind, error: shortError(error) });
    message.retry({ delaySeconds: retryDelaySeconds(attempts) });
  }
}

function refuse(message: Message<unknown>, path: string): void {
  log('error', 'projection unreadable', { id: message.id, attempts: message.attempts, path });
  message.retry({ delaySeconds: poisonDelaySeconds });
}
