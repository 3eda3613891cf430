/** What every handler finds in its Hono context. */
import type { Role, Tier } from '#schemas/http/accounts.ts';
import type { Id } from '#schemas/ids.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';

/** The signed-in account of a request. */
export interface Viewer {
  readonly accountId: Id<'acc'>;
  readonly handle: string;
  readonly displayName: string;
  readonly tier: Tier;
  readonly roles: readonly Role[];
  readonly demo: boolean;
  readonly createdAt: string;
  readonly tokenHash: string;
}

export interface ApiEnv {
  Bindings: Env;
  Variables: {
    requestId: Id<'req'>;
    config: Config;
    log: Log;
    /** Null when signed out. A suspended account never becomes a viewer. */
    viewer: Viewer | null;
    /** Set by the render node middleware under /render/v1 only. */
    nodeId: string;
  };
}
