/**
 * Children of a local run. Each gets its own process group and a log file; all of them end with us, whichever way we end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  readonly logFile: string;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
}

const children = new Set<Child>();

function signalGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.process.pid === undefined || child.process.exitCode !== null || child.process.signalCode !== null)
    return;
  try {
    process.kill(-child.process.pid, signal);
  } catch {
    // Already gone.
  }
}

process.on('exit', () => {
  for (const child of children) signalGroup(child, 'SIGKILL');
});

/** Starts a command whose output goes to `<logDir>/<name>.log`. */
export function startChild(
  name: string,
  command: string,
  args: readonly string[],
  options: { cwd: string; logDir: string; env?: Record<string, string> },
): Child {
  mkdirSync(options.logDir, { recursive: true });
  const logFile = join(options.logDir, `${name}.log`);
  const log = openSync(logFile, 'w');
  const childProcess = spawn(command, args, {
    cwd: options.cwd,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...options.env },
  });
  closeSync(log);
  const exited = new Promise<number | string>((resolve) => {
    childProcess.once('error', (error) => resolve(error.message));
    childProcess.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const child: Child = { name, process: childProcess, logFile, exited };
  children.add(child);
  void exited.then(() => children.delete(child));
  return child;
}

/** Runs a command to its end. @throws Error with the tail of its log when it fails */
export async function runChild(
  name: string,
  command: string,
  args: readonly string[],
  options: { cwd: string; logDir: string; env?: Record<string, string> },
): Promise<void> {
  const child = startChild(name, command, args, options);
  const code = await child.exited;
  if (code !== 0) throw new Error(`${name} failed (${code}).\n${tailOf(child.logFile)}`);
}

export function tailOf(logFile: string, lines = 25): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/** Interrupts every child, waits, and kills what has not ended after `graceMs`. */
export async function stopChildren(graceMs = 5000): Promise<void> {
  const running = [...children];
  for (const child of running) signalGroup(child, 'SIGINT');
  const grace = new Promise((resolve) => setTimeout(resolve, graceMs).unref());
  await Promise.race([Promise.all(running.map((child) => child.exited)), grace]);
  for (const child of running) signalGroup(child, 'SIGKILL');
}
