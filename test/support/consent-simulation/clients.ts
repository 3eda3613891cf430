/**
 * Those who revoke and lift. Invariant: a client repeats its request with the same idempotency key until it has an answer, as clip and
 * cameo objects do, so a lost reply or a restarted log never leaves a revocation half made. Called by world.ts.
 */
import { consentShard } from '#durable-objects/consent/core/shard.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';
import type { Id } from '#schemas/ids.ts';
import type { LogActor } from './log-actor.ts';
import type { World } from './world.ts';

const repeatMs = 3_000;

interface Request {
  readonly key: ConsentKey;
  readonly denies: readonly Capability[];
  readonly idempotencyKey: string;
}

export class Clients {
  /** Calls that nobody has answered yet. */
  unanswered = 0;
  readonly #world: World;
  readonly #made: Request[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  revoke(request: Request): void {
    this.#made.push(request);
    this.#send(request);
  }

  /** Somebody else, or the same again, with a request that was made before. */
  repeat(index: number): void {
    const request = this.#made[index % this.#made.length];
    if (request === undefined) return;
    this.#world.coverage.repeated++;
    this.#send(request);
  }

  lift(index: number): void {
    const { denials } = this.#world.ledger;
    const denial = denials[index % denials.length];
    if (denial === undefined) return;
    const { key, id } = denial.entry;
    this.#world.coverage.lifted++;
    this.#call(key, (log, answer) => log.lift(id satisfies Id<'rev'>, `lift-${id}`, answer));
  }

  #send(request: Request): void {
    const world = this.#world;
    this.#call(request.key, (log, answer) => {
      log.revoke(request, (receipt) => {
        const denial = world.ledger.denialOf(receipt);
        const first = denial?.acknowledgedAt === Number.POSITIVE_INFINITY;
        world.ledger.answered(request.idempotencyKey, receipt);
        if (first && denial !== undefined) world.acknowledged(denial);
        answer();
      });
    });
  }

  #call(key: ConsentKey, ask: (log: LogActor, answer: () => void) => void): void {
    const { logs, network, scheduler } = this.#world;
    const shard = consentShard(key, logs.length);
    const log = logs.find(({ name }) => name === shard);
    if (log === undefined) throw new Error(`there is no log ${shard}`);
    this.unanswered++;
    let open = true;
    const answered = () => {
      if (open) this.unanswered--;
      open = false;
    };
    const attempt = () => {
      if (!open) return;
      network.send(() => this.#world.toLog(log, () => ask(log, () => network.send(answered))));
      scheduler.at(scheduler.now + repeatMs, attempt);
    };
    attempt();
  }
}
