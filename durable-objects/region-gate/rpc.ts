/** RPC surface of the RegionGate object (one per region × partition, named `gate-<region>-<n>`): the local view of revocations. */
import type { Decision } from '#durable-objects/consent/core/decide.ts';
import type { GateEntry } from '#durable-objects/consent/rpc.ts';
import type { Capability, ConsentKey } from '#schemas/consent.ts';

export type GateAnswer =
  | { readonly available: true; readonly decisions: Decision[] }
  /** No valid lease on a shard that was asked about, and none to be had in time: nothing may be served. */
  | { readonly available: false; readonly retryAfterSeconds: number };

export interface PushRequest {
  readonly shard: string;
  /** Entries after `from` up to `to`, without gaps: `from` is what this incarnation said it has. */
  readonly from: number;
  readonly to: number;
  readonly entries: readonly GateEntry[];
}

export interface PushReply {
  /** Of the instance that answered: only it is released from the wait. */
  readonly incarnation: string;
  /** Everything up to here is applied. */
  readonly position: number;
}

export interface RegionGateRpc {
  /** Asks the one pure function over every shard the keys lie in; answers in order. Takes or renews leases as needed. */
  askMany(sets: readonly (readonly ConsentKey[])[], capability: Capability): Promise<GateAnswer>;
  /** From a log: applies entries and answers once they count. */
  push(request: PushRequest): Promise<PushReply>;
}
