/** One request, one thing: nothing, a question to a gate, revocations. Used by test/bench/consent.ts only. */
import type { ConsentLogRpc } from '#durable-objects/consent/rpc.ts';
import type { RegionGateRpc } from '#durable-objects/region-gate/rpc.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';

interface Bindings {
  readonly CONSENT_LOG: { getByName(name: string): ConsentLogRpc };
  readonly REGION_GATE: { getByName(name: string): RegionGateRpc };
}

export type Wish =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'ask';
      readonly gate: string;
      readonly sets: readonly (readonly ConsentKey[])[];
      readonly capability: Capability;
    }
  | { readonly kind: 'revoke'; readonly keys: readonly ConsentKey[] };

/** Answers how many sets are allowed (null: unavailable), or how many regions acknowledged each revocation at least. */
async function grant(env: Bindings, wish: Wish): Promise<number | null> {
  switch (wish.kind) {
    case 'nothing':
      return null;
    case 'ask': {
      const answer = await env.REGION_GATE.getByName(wish.gate).askMany(wish.sets, wish.capability);
      return answer.available ? answer.decisions.filter(({ allowed }) => allowed).length : null;
    }
    case 'revoke': {
      const log = env.CONSENT_LOG.getByName('log-0');
      const receipts = await Promise.all(
        wish.keys.map((key) => log.revoke({ key, denies: ['serve', 'list'], idempotencyKey: key })),
      );
      return Math.min(
        ...receipts.map(({ regions }) => regions.filter(({ outcome }) => outcome === 'acknowledged').length),
      );
    }
  }
}

export default {
  fetch: async (request: Request, env: Bindings): Promise<Response> =>
    Response.json(await grant(env, (await request.json()) as Wish)),
};
