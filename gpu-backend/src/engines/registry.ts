/**
 * The engines this node can run, by name. An engine that cannot be loaded is reported and left out; the others are offered.
 * Called by main.ts and render-once.ts.
 */
import { engineCapabilitySchema } from '#schemas/engine.ts';
import type { Engine } from './engine.ts';

type Loader = () => Promise<Engine>;

const loaders: Readonly<Record<string, Loader>> = {
  sketch: async () => (await import('./sketch/index.ts')).sketchEngine,
};

export interface LoadedEngines {
  readonly engines: readonly Engine[];
  readonly failures: readonly { readonly name: string; readonly error: unknown }[];
}

/** Loads the named engines. Unknown names are failures too. */
export async function loadEngines(
  names: readonly string[],
  known: Readonly<Record<string, Loader>> = loaders,
): Promise<LoadedEngines> {
  const engines: Engine[] = [];
  const failures: { name: string; error: unknown }[] = [];
  for (const name of new Set(names)) {
    try {
      const load = known[name];
      if (!load) throw new Error(`There is no engine "${name}". Known: ${Object.keys(known).join(', ')}.`);
      const engine = await load();
      // What is offered to the edge must be understood there: a wrong capability is found here, not at the first lease.
      engineCapabilitySchema.parse(engine.capability);
      engines.push(engine);
    } catch (error) {
      failures.push({ name, error });
    }
  }
  return { engines, failures };
}
