/**
 * The node's settings, read once from the environment; a mistake is named before anything starts. Called by main.ts.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch, platform, versions } from 'node:process';
import { z } from 'zod';

const environmentSchema = z.object({
  KINORA_URL: z.url({
    protocol: /^https?$/,
    error: 'must be the address of the edge, such as https://kinora.example',
  }),
  KINORA_NODE_ID: z
    .string({ error: 'must be the id this node has in RENDER_NODES' })
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
      'must be 1 to 64 letters, digits, dots, dashes or underscores',
    ),
  KINORA_NODE_KEY_FILE: z.string({ error: 'must be the path of an Ed25519 key in PKCS8 PEM' }).min(1),
  KINORA_NODE_SLOTS: z.coerce.number().int().min(1).max(64).default(1),
  KINORA_NODE_ENGINES: z
    .string()
    .default('sketch')
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    ),
  KINORA_NODE_SCRATCH: z.string().min(1).optional(),
  KINORA_NODE_INSPECTIONS: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
});

export interface NodeConfig {
  readonly url: URL;
  readonly nodeId: string;
  readonly keyFile: string;
  /** Jobs rendered at the same time. */
  readonly slots: number;
  /** Registry names of the engines to offer. */
  readonly engines: readonly string[];
  /** A folder of this node's own: emptied at start. */
  readonly scratch: string;
  /** Whether recordings people enrol with are looked at here. */
  readonly inspections: boolean;
}

/** @throws Error whose message lists every variable that is wrong and what it should be. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): NodeConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new Error(
      `The render node cannot start with this environment:\n${lines.join('\n')}\nSee gpu-backend/README.md.`,
    );
  }
  const env = parsed.data;
  return {
    url: new URL(env.KINORA_URL),
    nodeId: env.KINORA_NODE_ID,
    keyFile: env.KINORA_NODE_KEY_FILE,
    slots: env.KINORA_NODE_SLOTS,
    engines: env.KINORA_NODE_ENGINES,
    scratch: env.KINORA_NODE_SCRATCH ?? join(tmpdir(), `kinora-node-${env.KINORA_NODE_ID}`),
    inspections: env.KINORA_NODE_INSPECTIONS === 'on',
  };
}

/** What the node says it is in a lease request: at most 64 characters, nothing that names the machine. */
export function softwareName(version: string): string {
  return `kinora-node/${version} (${platform} ${arch}; node ${versions.node})`.slice(0, 64);
}
