/**
 * The real edge for tests that look at it from outside: both Workers with their own configuration, on workerd, with fresh storage. Used by
 * the fault tests and benchmarks.
 */

import { join } from 'node:path';
import { createTestHarness, type TestHarness, type WorkerHandle } from 'wrangler';
import type { Session } from '#schemas/http/accounts.ts';
import { type ApiClient, createClient } from '../../scripts/demo/client.ts';
import { makeSigningSecrets } from './provenance-identity.ts';
import { createScriptedNode, type ScriptedNode } from './scripted-node.ts';
import { testSecrets } from './secrets.ts';

export interface Edge {
  readonly url: string;
  readonly server: TestHarness;
  readonly kinora: WorkerHandle;
  /** A registered render node that does only what the test says. */
  readonly node: ScriptedNode;
  /** The same node's private key as the real node process reads it, PKCS #8 PEM. */
  readonly nodeKey: string;
  signIn(handle: string, extra?: Record<string, unknown>): Promise<ApiClient>;
  stop(): Promise<void>;
}

/**
 * @param vars test values over those of wrangler.toml, e.g. a short lease
 * @param others configurations of further Workers to run in the same process
 */
export async function startEdge(
  vars: Record<string, string> = {},
  others: readonly string[] = [],
): Promise<Edge> {
  const root = join(import.meta.dirname, '../..');
  const identity = await createScriptedNode.identity();
  const server = createTestHarness({
    root,
    workers: [
      {
        configPath: 'wrangler.toml',
        vars: { ENVIRONMENT: 'local', ...vars },
        secrets: {
          ...testSecrets,
          RENDER_NODES: JSON.stringify({ node_test: identity.publicKey }),
        },
      },
      { configPath: 'workers/provenance/wrangler.toml', secrets: { ...(await makeSigningSecrets()) } },
      ...others.map((configPath) => ({ configPath })),
    ],
  });
  const { url } = await server.listen();
  const origin = url.origin;
  const kinora = server.getWorker('kinora');
  await kinora.applyD1Migrations('DB');
  return {
    url: origin,
    server,
    kinora,
    node: createScriptedNode(origin, 'node_test', identity.privateKey),
    nodeKey: identity.pem,
    signIn: async (handle, extra = {}) => {
      const session = await createClient(origin)<Session>('POST', '/api/v1/local/sign-in', {
        handle,
        ...extra,
      });
      return createClient(origin, session.token);
    },
    stop: () => server.close(),
  };
}
