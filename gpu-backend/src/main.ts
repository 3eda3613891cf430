/**
 * The render node process: `node gpu-backend/src/main.ts` with the environment of gpu-backend/README.md. Ends within 3 s of
 * SIGINT or SIGTERM, with its jobs handed back.
 */
import { createRequire } from 'node:module';
import { env, stderr, stdout } from 'node:process';
import { loadEngines } from './engines/registry.ts';
import { loadIdentity } from './identity.ts';
import { type NodeConfig, readConfig, softwareName } from './node/config.ts';
import { createLog } from './node/log.ts';
import { runNode } from './node/run-node.ts';

async function main(): Promise<void> {
  let config: NodeConfig;
  let privateKey: CryptoKey;
  try {
    config = readConfig(env);
    privateKey = (await loadIdentity(config.keyFile)).privateKey;
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
    return;
  }
  const log = createLog((line) => stdout.write(line), stdout.isTTY === true);
  const { engines, failures } = await loadEngines(config.engines);
  for (const { name, error } of failures) {
    // Engines fail to load before any prompt exists, so the message is safe to show.
    log('error', 'engine not loaded', {
      engine: name,
      reason: error instanceof Error ? error.message.slice(0, 300) : String(error),
    });
  }
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  const node = await runNode(config, { engines, privateKey, log, software: softwareName(version) });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal means now.
      if (stopping) process.exit(130);
      stopping = true;
      void node.stop().finally(() => process.exit(0));
    });
  }
  await node.done;
}

main().catch((error: unknown) => {
  stderr.write(
    `The render node could not start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
