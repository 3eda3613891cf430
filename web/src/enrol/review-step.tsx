/** Looking at the take before it is sent: nothing leaves the device until then. */
import { useEffect, useState } from 'preact/hooks';
import { recordingRange } from '../api/limits.ts';
import type { Take } from './use-recorder.ts';

/** Why a take cannot be sent; null when it can. */
export function takeProblem(take: { size: number; seconds: number }): string | null {
  if (take.size === 0) return 'The recording is empty. Another camera or browser may help.';
  if (take.seconds < recordingRange.minSeconds)
    return `The recording is too short: ${recordingRange.minSeconds} seconds are needed.`;
  if (take.size > recordingRange.maxBytes)
    return 'The recording is too large. Choose a camera with a smaller picture.';
  return null;
}

interface ReviewStepProps {
  readonly take: Take;
  /** 0..1 while it is being sent; null before. */
  readonly sent: number | null;
  readonly left: string | null;
  readonly onSend: () => void;
  readonly onAgain: () => void;
  readonly onNewChallenge: () => void;
}

export function ReviewStep({ take, sent, left, onSend, onAgain, onNewChallenge }: ReviewStepProps) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(take.file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [take]);
  const problem = takeProblem({ size: take.file.size, seconds: take.seconds });
  const sending = sent !== null;
  const percent = Math.round((sent ?? 0) * 100);
  return (
    <div class="capture">
      <div class="capture-stage">
        {url && (
          // biome-ignore lint/a11y/useMediaCaption: one's own take, seconds old.
          <video class="take" src={url} controls playsInline aria-label="Your recording" />
        )}
      </div>
      <div class="capture-side">
        <h1>Send this one?</h1>
        <p class="quiet">
          You see it as others see you, not mirrored. So far it is only on this device
          {` (${Math.round(take.seconds)} s, ${(take.file.size / 1_000_000).toFixed(1)} MB)`}.
        </p>
        {problem && (
          <p class="field-bad" role="alert">
            {problem}
          </p>
        )}
        {left === null && !sending ? (
          <div class="card expired" role="alert">
            <p>This challenge has run out, so the take cannot be used. A new one has other digits.</p>
            <button type="button" class="button button-primary" onClick={onNewChallenge}>
              Get a new challenge
            </button>
          </div>
        ) : (
          <>
            {sending && (
              <div class="send-progress">
                <progress max={100} value={percent} aria-label="Sending" />
                <p class="fine" aria-live="polite">
                  {percent < 100 ? `Sending, ${percent} %` : 'Sent. Waiting for the check to begin…'}
                </p>
              </div>
            )}
            <div class="button-row button-row-start">
              <button
                type="button"
                class="button button-primary button-large"
                disabled={sending || problem !== null}
                onClick={onSend}
              >
                {sending ? 'Sending…' : 'Send for checking'}
              </button>
              <button type="button" class="button button-large" disabled={sending} onClick={onAgain}>
                Record again
              </button>
            </div>
            {left !== null && !sending && (
              <p class="fine">
                Your challenge is good for another <span class="mono">{left}</span>.
              </p>
            )}
          </>
        )}
      </div>
    </div>
  );
}
