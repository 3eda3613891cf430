/** A file that this tab is sending: how far, how fast, pause, go on, cancel. Turns into its stored self when everything is there. */
import { useEffect, useState } from 'preact/hooks';
import { formatBytes, formatEstimate } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { forget } from './sendings.ts';
import { sendWords } from './upload-words.ts';
import type { Uploader } from './uploader.ts';

/** Bytes a second over the last stretch of sending, and null until there is one. */
function useSpeed(bytes: number, sending: boolean): number | null {
  const [marks, setMarks] = useState<readonly { at: number; bytes: number }[]>([]);
  useEffect(() => {
    const now = performance.now();
    setMarks((old) =>
      sending ? [...old.filter(({ at }) => now - at < 10_000), { at: now, bytes }].slice(-40) : [],
    );
  }, [bytes, sending]);
  const [first] = marks;
  const last = marks.at(-1);
  if (!first || !last || last.at - first.at < 1500) return null;
  return Math.max(0, (last.bytes - first.bytes) / ((last.at - first.at) / 1000));
}

export function SendingRow({ uploader, onSent }: { uploader: Uploader; onSent: () => void }) {
  const { phase, bytes, error } = uploader.state.value;
  const speed = useSpeed(bytes, phase === 'sending');
  useEffect(() => {
    if (phase === 'sent') onSent();
    if (phase === 'sent' || phase === 'cancelled') forget(uploader);
  }, [phase, uploader, onSent]);
  const percent = uploader.file.size === 0 ? 0 : Math.floor((bytes / uploader.file.size) * 100);
  const left = speed ? formatEstimate((uploader.file.size - bytes) / speed) : null;
  const stopped = phase === 'paused' || phase === 'interrupted';
  return (
    <li class="upload-row">
      <div class="upload-head">
        <strong class="wrap">{uploader.file.name}</strong>
        <span class="fine" role="status">
          {sendWords({ phase })}
        </span>
      </div>
      <progress aria-label={`Sending ${uploader.file.name}`} max={100} value={percent} />
      <p class="fine">
        {formatBytes(bytes)} of {formatBytes(uploader.file.size)}
        {speed !== null && ` · ${formatBytes(speed)} a second`}
        {left !== null && phase === 'sending' && ` · ${left} to go`}
      </p>
      {error && (
        <p role="alert">
          {error.message}
          {error.requestId && <span class="fine mono"> Request {error.requestId}</span>}
        </p>
      )}
      <div class="button-row button-row-start">
        {(phase === 'sending' || phase === 'starting') && (
          <button type="button" class="button button-small" onClick={() => uploader.pause()}>
            <Icon name="pause" /> Pause
          </button>
        )}
        {stopped && (
          <button type="button" class="button button-small" onClick={() => uploader.resume()}>
            <Icon name="play" /> Go on
          </button>
        )}
        {phase === 'failed' ? (
          <button type="button" class="button button-small" onClick={() => forget(uploader)}>
            Put away
          </button>
        ) : (
          <button type="button" class="button button-small" onClick={() => void uploader.cancel()}>
            <Icon name="close" /> Cancel
          </button>
        )}
      </div>
    </li>
  );
}
