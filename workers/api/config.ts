/** Plain vars and secrets of the edge, parsed once per isolate. A missing or malformed value stops every request with `internal`. */
import { z } from 'zod';
import { parseLinkHosts } from './core/link-hosts.ts';

const nodesSchema = z
  .string()
  .default('{}')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('must be JSON');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().regex(/^[a-z0-9_-]{1,64}$/), z.base64()));

const configSchema = z.object({
  ENVIRONMENT: z.enum(['local', 'production']),
  ORIGIN: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  CURSOR_SECRET: z.string().min(32),
  RENDER_NODES: nodesSchema,
  VERIFY_LINK_HOSTS: z.string().default(''),
});

export interface Config {
  readonly environment: 'local' | 'production';
  /** Public address without a slash at the end; empty means: as requested (local only). */
  readonly origin: string;
  readonly cursorSecret: string;
  /** Render node id → base64 raw Ed25519 public key. */
  readonly renderNodes: ReadonlyMap<string, string>;
  /** Hosts from which the verify route may fetch a file; none by default. */
  readonly verifyLinkHosts: readonly string[];
}

export const version = '0.1.0';

let parsed: { readonly source: Env; readonly config: Config } | undefined;

/** @throws z.ZodError naming the variables that are wrong, never their values. */
export function loadConfig(env: Env): Config {
  if (parsed?.source === env) return parsed.config;
  const vars = configSchema.parse(env);
  if (vars.ENVIRONMENT === 'production' && vars.ORIGIN === '')
    throw new Error('ORIGIN must be set outside the local environment');
  const config: Config = {
    environment: vars.ENVIRONMENT,
    origin: vars.ORIGIN.replace(/\/$/, ''),
    cursorSecret: vars.CURSOR_SECRET,
    renderNodes: new Map(Object.entries(vars.RENDER_NODES)),
    verifyLinkHosts: parseLinkHosts(vars.VERIFY_LINK_HOSTS),
  };
  parsed = { source: env, config };
  return config;
}

/** The public origin, e.g. `https://kinora.example`. On a developer's machine whatever address the browser used. */
export function originOf(config: Config, requestUrl: string): string {
  return config.environment === 'local' ? new URL(requestUrl).origin : config.origin;
}
