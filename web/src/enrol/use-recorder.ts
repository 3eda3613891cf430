/**
 * One take: three seconds to get ready, then the recording while the guide runs, ended by the guide or by hand. The preview may be
 * mirrored; the recording never is, because it takes the stream and not the picture. Called by the capture step.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { recordingTypeOf } from './camera.ts';

export interface Take {
  readonly file: Blob;
  readonly seconds: number;
}

export interface Recorder {
  /** Seconds until it begins; null when it does not. */
  readonly countdown: number | null;
  /** Milliseconds since it began; null when it has not. */
  readonly elapsed: number | null;
  start(): void;
  /** Ends early and throws the take away. */
  cancel(): void;
}

const readySeconds = 3;

export function useRecorder(
  stream: MediaStream | null,
  lengthMs: number,
  onTake: (take: Take) => void,
  onFailed: () => void,
): Recorder {
  const [countdown, setCountdown] = useState<number | null>(null);
  const [elapsed, setElapsed] = useState<number | null>(null);
  const running = useRef<{ discard(): void } | null>(null);

  const cancel = useCallback(() => {
    running.current?.discard();
    running.current = null;
    setCountdown(null);
    setElapsed(null);
  }, []);
  // Another camera, or another page: what was being recorded is of no use.
  useEffect(() => cancel, [stream]);

  useEffect(() => {
    if (countdown === null) return;
    const timer = setTimeout(() => {
      if (countdown > 1) return setCountdown(countdown - 1);
      setCountdown(null);
      if (stream) record(stream);
    }, 1000);
    return () => clearTimeout(timer);
  }, [countdown, stream]);

  const record = (source: MediaStream) => {
    const type = recordingTypeOf((name) => MediaRecorder.isTypeSupported(name));
    const chunks: Blob[] = [];
    let kept = true;
    let frame = 0;
    let recorder: MediaRecorder;
    try {
      recorder = new MediaRecorder(source, {
        ...(type ? { mimeType: type } : {}),
        videoBitsPerSecond: 3_000_000,
        audioBitsPerSecond: 96_000,
      });
      recorder.start(1000);
    } catch {
      return onFailed();
    }
    const began = performance.now();
    recorder.ondataavailable = (event) => {
      if (event.data.size > 0) chunks.push(event.data);
    };
    recorder.onerror = () => {
      discard();
      setElapsed(null);
      onFailed();
    };
    recorder.onstop = () => {
      cancelAnimationFrame(frame);
      if (!kept) return;
      running.current = null;
      setElapsed(null);
      onTake({
        file: new Blob(chunks, { type: recorder.mimeType || type || 'video/webm' }),
        seconds: (performance.now() - began) / 1000,
      });
    };
    const discard = () => {
      kept = false;
      cancelAnimationFrame(frame);
      if (recorder.state !== 'inactive') recorder.stop();
    };
    running.current = { discard };
    const tick = () => {
      const ms = performance.now() - began;
      setElapsed(ms);
      if (ms < lengthMs) frame = requestAnimationFrame(tick);
      else if (recorder.state !== 'inactive') recorder.stop();
    };
    tick();
  };

  return { countdown, elapsed, start: () => setCountdown(readySeconds), cancel };
}
