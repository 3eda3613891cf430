/** The prompts over the preview: get ready, digits one by one, arrows for the turns. An arrow to the left is the person's own left. */
import type { HeadTurn } from '#schemas/http/cameo.ts';
import { type Cue, cueWords, guideMs, type Step, stepAt } from './guide.ts';

export function GuideView(props: {
  steps: readonly Step[];
  countdown: number | null;
  elapsed: number | null;
}) {
  const { steps, countdown, elapsed } = props;
  const step = elapsed === null ? null : stepAt(steps, elapsed);
  const words = step ? cueWords(step.cue) : countdown === null ? '' : 'Get ready';
  const share = step && elapsed !== null ? (elapsed - step.from) / (step.to - step.from) : 0;
  return (
    <>
      {(step || countdown !== null) && (
        <div class="guide">
          <div class="guide-mark" aria-hidden="true">
            {step ? <CueMark cue={step.cue} /> : <span class="guide-digit">{countdown}</span>}
          </div>
          <p class="guide-words">{words}</p>
          {step && (
            <svg class="guide-time" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="guide-track" width="100" height="4" rx="2" />
              <rect class="guide-fill" width={Math.min(100, Math.max(0, share * 100))} height="4" rx="2" />
            </svg>
          )}
          {step?.cue.kind === 'digit' && <Dots count={6} current={step.cue.index} />}
        </div>
      )}
      {elapsed !== null && (
        <p class="rec" aria-hidden="true">
          <span class="rec-dot" /> {Math.ceil(Math.max(0, guideMs(steps) - elapsed) / 1000)} s
        </p>
      )}
      <p class="sr-only" role="status" aria-live="assertive">
        {words}
      </p>
    </>
  );
}

function CueMark({ cue }: { cue: Cue }) {
  if (cue.kind === 'digit') return <span class="guide-digit">{cue.digit}</span>;
  if (cue.kind === 'turn') return <Arrow turn={cue.turn} />;
  return <FrontMark done={cue.kind === 'done'} />;
}

const arrows: Readonly<Record<HeadTurn, string>> = {
  left: 'M54 32H12M28 14 10 32l18 18',
  right: 'M10 32h42M36 14l18 18-18 18',
  up: 'M32 54V12M14 28l18-18 18 18',
};

/** In a mirror one's own left is on the left, so the arrow needs no turning round. */
function Arrow({ turn }: { turn: HeadTurn }) {
  return (
    <svg class={`guide-arrow guide-arrow-${turn}`} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path d={arrows[turn]} />
    </svg>
  );
}

function FrontMark({ done }: { done: boolean }) {
  return (
    <svg class="guide-arrow" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      {done ? <path d="m12 34 13 13 27-29" /> : <circle cx="32" cy="32" r="20" />}
    </svg>
  );
}

function Dots({ count, current }: { count: number; current: number }) {
  return (
    <div class="guide-dots" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <span key={index} class={index <= current ? 'guide-dot guide-dot-on' : 'guide-dot'} />
      ))}
    </div>
  );
}
