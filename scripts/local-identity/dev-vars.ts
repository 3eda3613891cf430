/**
 * The text of `.dev.vars` files. Invariant: what is written reads back as the same values in wrangler's dotenv parser: JSON
 * in single quotes is taken literally, line breaks in double quotes are written as `\n`. Called by local-identity.ts.
 */

const heading =
  '# Written by scripts/local-identity.ts. Lines you add are kept; the ones below are rewritten.';

/**
 * Replaces our variables in a `.dev.vars` text and keeps every other line.
 * @throws Error if a value holds what neither quoting can carry
 */
export function mergeDevVars(current: string | null, values: Readonly<Record<string, string>>): string {
  const kept = (current ?? '').split('\n').filter((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1];
    return line.trim() !== '' && line !== heading && (name === undefined || !Object.hasOwn(values, name));
  });
  const ours = Object.entries(values).map(([name, value]) => `${name}=${quote(name, value)}`);
  return `${[...kept, heading, ...ours].join('\n')}\n`;
}

function quote(name: string, value: string): string {
  if (/^[\w./:+=-]*$/.test(value)) return value;
  if (!value.includes("'") && !value.includes('\n') && !value.endsWith('\\')) return `'${value}'`;
  if (!value.includes('"') && !value.includes('\\')) return `"${value.replaceAll('\n', '\\n')}"`;
  throw new Error(`the value of ${name} cannot be written to .dev.vars`);
}
