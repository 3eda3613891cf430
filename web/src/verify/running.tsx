/** A check that is under way: what has happened, what happens now, what comes. The bar is honest: it moves only where progress is known. */
import { formatBytes } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { type CheckStage, type CheckState, nameOf } from './use-check.ts';

const stages: Readonly<Record<'server' | 'browser', readonly { stage: CheckStage; words: string }[]>> = {
  server: [
    { stage: 'sending', words: 'Sending the file' },
    { stage: 'checking', words: 'Reading credentials, then looking for mark and fingerprint' },
  ],
  browser: [
    { stage: 'loading', words: 'Loading the reader' },
    { stage: 'reading', words: 'Reading the file, here' },
  ],
};

export function Running(props: { state: CheckState & { kind: 'running' }; onCancel: () => void }) {
  const { subject, stage, done } = props.state;
  const local = stage === 'loading' || stage === 'reading';
  const steps = stages[local ? 'browser' : 'server'].filter(
    (step) => subject.kind === 'file' || step.stage !== 'sending',
  );
  const now = steps.findIndex((step) => step.stage === stage);
  const size = subject.kind === 'file' ? subject.file.size : null;
  const percent = done === null ? null : Math.round(done * 100);
  return (
    <section class="card stack verify-running" aria-labelledby="running-title">
      <h2 id="running-title" class="wrap">
        Checking {nameOf(subject)}
      </h2>
      <progress
        aria-label={steps[now]?.words ?? 'Checking'}
        max={100}
        {...(percent === null ? {} : { value: percent })}
      />
      <p class="fine">
        {size !== null && done !== null && stage !== 'loading'
          ? `${formatBytes(size * done)} of ${formatBytes(size)}`
          : stage === 'checking'
            ? 'This takes a moment; up to half a minute when a render node looks for the mark.'
            : ' '}
      </p>
      <ol class="running-steps" aria-live="polite">
        {steps.map((step, index) => (
          <li
            key={step.stage}
            class={index < now ? 'running-done' : index === now ? 'running-now' : ''}
            aria-current={index === now ? 'step' : undefined}
          >
            {index < now && <Icon name="check" />}
            {step.words}
          </li>
        ))}
      </ol>
      <div class="button-row button-row-start">
        <button type="button" class="button" onClick={props.onCancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}
