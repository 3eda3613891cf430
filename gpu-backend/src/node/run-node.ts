/**
 * The node: as many lease loops as it has slots, one that looks at recordings and one that erases what was
 * deleted. Stopping is orderly (running jobs are handed
 * back at once, within 3 s); `kill` is what a power cut looks like from outside. Called by main.ts; tests bring their own clock, fetch
 * and engines.
 */
import { mkdir, rm } from 'node:fs/promises';
import type { LeasedInspection } from '#schemas/inspection.ts';
import type { LeasedJob } from '#schemas/render.ts';
import type { Engine } from '../engines/engine.ts';
import { createInspector, type Inspector } from '../inspection/inspector.ts';
import { createPolicyWatcher, type PolicyWatcher } from '../policy/watcher.ts';
import type { NodeConfig } from './config.ts';
import { EdgeClient } from './edge-client.ts';
import { erasureLoop } from './erasures.ts';
import { JobEnd, leaseLeft } from './heartbeat.ts';
import { type InspectionPoint, type InspectionResult, inspectLoop } from './inspect-loop.ts';
import { InspectionClient } from './inspection-client.ts';
import type { Log } from './log.ts';
import { type JobPoint, type JobResult, runJob } from './run-job.ts';
import { backoff, type Clock, realClock } from './wait.ts';

export interface NodeDeps {
  readonly engines: readonly Engine[];
  readonly privateKey: CryptoKey;
  readonly log: Log;
  readonly software?: string;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Called at each point of each job; fault tests hold or kill the node here. */
  readonly hook?: (point: JobPoint, job: LeasedJob) => Promise<void> | void;
  readonly onResult?: (job: LeasedJob, result: JobResult) => void;
  /** Stands in for the process with the models of the output policy. */
  readonly policy?: PolicyWatcher;
  /** The same for inspections; `inspector` stands in for the process with the models. */
  readonly inspections?: {
    readonly inspector?: Inspector;
    readonly hook?: (point: InspectionPoint) => Promise<void> | void;
    readonly onResult?: (inspection: LeasedInspection, result: InspectionResult) => void;
  };
}

export interface RunningNode {
  /** Stops leasing, hands running jobs back as `node_shutdown`, cleans up. Resolves within 3 s. */
  stop(): Promise<void>;
  /** Stops as if the power were cut: nothing is told to the edge. Resolves when nothing of it runs any more. */
  kill(): Promise<void>;
  /** Resolves when the node has stopped. */
  readonly done: Promise<void>;
}

/** How long the edge may hold a lease request open. */
const waitMs = 20_000;
/** An edge that answers "no job" at once is not asked again before this. */
const emptyPauseMs = 1000;
const stopWithinMs = 2800;

/**
 * Starts the node.
 * @throws Error when it has no engine or its scratch folder cannot be made.
 */
export async function runNode(config: NodeConfig, deps: NodeDeps): Promise<RunningNode> {
  if (deps.engines.length === 0)
    throw new Error('No engine could be loaded; there is nothing to lease jobs for.');
  await rm(config.scratch, { recursive: true, force: true });
  await mkdir(config.scratch, { recursive: true, mode: 0o700 });
  const stopping = new AbortController();
  const clock = deps.clock ?? realClock;
  let killed = false;
  const guardedFetch: typeof fetch = (...args) =>
    killed ? Promise.reject(new Error('killed')) : (deps.fetch ?? fetch)(...args);
  const client = new EdgeClient({
    url: config.url,
    nodeId: config.nodeId,
    privateKey: deps.privateKey,
    fetch: guardedFetch,
  });
  deps.log('info', 'node started', {
    node: config.nodeId,
    edge: config.url.origin,
    slots: config.slots,
    engines: deps.engines.map((e) => e.capability.name).join(','),
  });
  const policy = deps.policy ?? createPolicyWatcher();
  const running = new Set<string>();
  const slots = Array.from({ length: config.slots }, () =>
    leaseLoop(config, { ...deps, policy }, client, clock, running, stopping.signal),
  );
  const erasing = erasureLoop({
    client,
    clock,
    log: deps.log,
    scratch: config.scratch,
    running,
    signal: stopping.signal,
  });
  const { inspector = createInspector(), ...watching } = deps.inspections ?? {};
  const inspecting = config.inspections
    ? inspectLoop({
        client: new InspectionClient(client),
        clock,
        log: deps.log,
        inspector,
        scratch: config.scratch,
        software: deps.software ?? 'kinora-node',
        signal: stopping.signal,
        ...watching,
      })
    : undefined;
  const done = Promise.all([...slots, erasing, inspecting]).then(async () => {
    policy.close();
    await rm(config.scratch, { recursive: true, force: true }).catch(() => undefined);
    deps.log('info', 'node stopped', { node: config.nodeId });
  });
  const end = async (reason: 'shutdown' | 'killed'): Promise<void> => {
    if (reason === 'killed') killed = true;
    stopping.abort(new JobEnd(reason));
    policy.close();
    // An engine that does not let go is left behind; the process ends without it.
    await Promise.race([done, clock.sleep(stopWithinMs)]);
  };
  return { stop: () => end('shutdown'), kill: () => end('killed'), done };
}

async function leaseLoop(
  config: NodeConfig,
  deps: NodeDeps & { readonly policy: PolicyWatcher },
  client: EdgeClient,
  clock: Clock,
  running: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const capabilities = deps.engines.map((engine) => engine.capability);
  let failures = 0;
  while (!signal.aborted) {
    const askedAt = clock.now();
    const answer = await client.lease(
      { engines: capabilities, waitMs, software: deps.software ?? 'kinora-node' },
      signal,
    );
    if (signal.aborted) return;
    if (answer.kind !== 'ok') {
      const reason =
        answer.kind === 'transient' ? answer.reason : answer.kind === 'rejected' ? answer.code : answer.kind;
      failures++;
      if (failures === 1 || failures % 10 === 0)
        deps.log(answer.kind === 'transient' ? 'warn' : 'error', 'no lease', {
          reason,
          failures,
          ...advice(reason),
        });
      // A refusal will not pass by itself soon; a lost connection may.
      await clock.sleep(
        answer.kind === 'transient'
          ? backoff(failures, clock.random())
          : backoff(failures + 3, clock.random(), 1000, 30_000),
        signal,
      );
      continue;
    }
    if (failures > 0) deps.log('info', 'edge reached again', { failures });
    failures = 0;
    const job = answer.value;
    if (!job) {
      await clock.sleep(Math.max(0, emptyPauseMs - (clock.now() - askedAt)), signal);
      continue;
    }
    running.add(job.jobId);
    const result = await runJob({
      client,
      clock,
      log: deps.log,
      engines: deps.engines,
      policy: deps.policy,
      scratch: config.scratch,
      job,
      signal,
      leaseMs: leaseLeft(job.leaseExpiresAt, answer.edgeTime),
      hook: deps.hook ?? (() => {}),
    });
    running.delete(job.jobId);
    deps.onResult?.(job, result);
  }
}

/** What an operator can do about a refusal. */
function advice(reason: string): { advice?: string } {
  return reason === 'node_signature_invalid'
    ? { advice: "register this node's public key in RENDER_NODES under its id, and check the clock" }
    : {};
}
