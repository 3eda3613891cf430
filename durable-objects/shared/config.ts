/**
 * The plain vars of wrangler.toml, parsed once per object. Invariant: a value that makes no sense stops the object with the name of
 * the variable instead of being replaced silently. Called by objects and by the edge.
 */
import type { Tier } from '#schemas/http/accounts.ts';

/** The vars this reads, as the platform hands them over. */
export interface ConfigVars {
  readonly RENDER_LEASE_MS: string;
  readonly RENDER_MAX_ATTEMPTS: string;
  readonly GENERATION_DEADLINE_MS: string;
  readonly CONSENT_LEASE_MS: string;
  readonly CONSENT_MARGIN_MS: string;
  readonly GATE_PARTITIONS: string;
  readonly BACKLOG_FREE: string;
  readonly BACKLOG_PLUS: string;
  readonly BACKLOG_PRO: string;
}

export interface ObjectConfig {
  /** A render node silent for this long loses its job, milliseconds. */
  readonly leaseMs: number;
  /** Leases a job gets before it is dead. */
  readonly maxAttempts: number;
  /** From admission to delivery, milliseconds. */
  readonly deadlineMs: number;
  /** Leases of region gates, milliseconds. */
  readonly consent: { readonly leaseMs: number; readonly marginMs: number; readonly partitions: number };
  /** Waiting jobs of a tier above which it is asked to come back later. */
  readonly backlog: Readonly<Record<Tier, number>>;
}

/** @throws with the variable's name when a value is not a whole number in its range */
export function parseConfig(vars: ConfigVars): ObjectConfig {
  const whole = (name: keyof ConfigVars, min: number, max: number): number => {
    const value = Number(vars[name]);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new Error(`${name} must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
  return {
    leaseMs: whole('RENDER_LEASE_MS', 1_000, 600_000),
    maxAttempts: whole('RENDER_MAX_ATTEMPTS', 1, 20),
    deadlineMs: whole('GENERATION_DEADLINE_MS', 10_000, 7 * 86_400_000),
    consent: {
      leaseMs: whole('CONSENT_LEASE_MS', 200, 60_000),
      marginMs: whole('CONSENT_MARGIN_MS', 0, 5_000),
      partitions: whole('GATE_PARTITIONS', 1, 64),
    },
    backlog: {
      free: whole('BACKLOG_FREE', 0, 1_000_000),
      plus: whole('BACKLOG_PLUS', 0, 1_000_000),
      pro: whole('BACKLOG_PRO', 0, 1_000_000),
    },
  };
}
