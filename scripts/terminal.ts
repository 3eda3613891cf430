/** Progress for people: live bars in a terminal, one line per milestone in a log file. */
const interactive = process.stdout.isTTY === true;
const width = 24;

const paint = (code: number, text: string) => (interactive ? `\u001b[${code}m${text}\u001b[0m` : text);
export const dim = (text: string) => paint(2, text);
export const bold = (text: string) => paint(1, text);
export const accent = (text: string) => paint(33, text);

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** `1.2 s`, `1 min 5 s` */
export function formatSeconds(seconds: number): string {
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export interface Step {
  /** 0..1 and what is happening. */
  update(progress: number, note: string): void;
  done(note?: string): void;
}

/** A step with a bar. Only interactive terminals see `update`. */
export function startStep(title: string): Step {
  const started = performance.now();
  const write = (progress: number, note: string) => {
    const filled = Math.round(progress * width);
    const bar = `${'█'.repeat(filled)}${dim('░'.repeat(width - filled))}`;
    process.stdout.write(`\r\u001b[2K  ${title.padEnd(12)} ${bar} ${note}`);
  };
  if (interactive) write(0, '');
  return {
    update: (progress, note) => {
      if (interactive) write(progress, note);
    },
    done: (note = '') => {
      const took = dim(formatSeconds((performance.now() - started) / 1000));
      process.stdout.write(
        `${interactive ? '\r\u001b[2K' : ''}  ${title.padEnd(12)} ${note}${note === '' ? '' : '  '}${took}\n`,
      );
    },
  };
}
