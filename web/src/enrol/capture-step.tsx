/** The camera: preview as in a mirror, devices, level, and the take with its guide. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Enrolment } from '#schemas/http/cameo.ts';
import { EmptyState, Loading } from '../ui/states.tsx';
import { guideMs, stepsOf } from './guide.ts';
import { GuideView } from './guide-view.tsx';
import { LevelMeter } from './level-meter.tsx';
import { type Camera, useCamera } from './use-camera.ts';
import { type Take, useRecorder } from './use-recorder.ts';

interface CaptureStepProps {
  readonly enrolment: Enrolment;
  /** `9:41`, or null once it is over. */
  readonly left: string | null;
  readonly onTake: (take: Take) => void;
  readonly onNewChallenge: () => void;
}

export function CaptureStep({ enrolment, left, onTake, onNewChallenge }: CaptureStepProps) {
  const camera = useCamera();
  const steps = useMemo(() => stepsOf(enrolment.challenge), [enrolment]);
  const [failed, setFailed] = useState(false);
  const recorder = useRecorder(camera.stream, guideMs(steps), onTake, () => setFailed(true));
  const busy = recorder.countdown !== null || recorder.elapsed !== null;
  const start = () => {
    setFailed(false);
    recorder.start();
  };
  if (camera.problem) {
    const { title, text, again } = camera.problem;
    return (
      <EmptyState
        whole
        title={title}
        action={
          again ? (
            <button type="button" class="button button-primary" onClick={camera.askAgain}>
              Ask again
            </button>
          ) : (
            <a class="button" href="/cameo">
              Back to your likeness
            </a>
          )
        }
      >
        {text}
      </EmptyState>
    );
  }
  return (
    <div class="capture">
      <div class="capture-stage">
        {camera.stream ? <Mirror stream={camera.stream} /> : <Loading label="Starting the camera" />}
        <div class="face-frame" aria-hidden="true" />
        <GuideView steps={steps} countdown={recorder.countdown} elapsed={recorder.elapsed} />
      </div>
      <div class="capture-side">
        <h1>{busy ? 'Follow the prompts' : 'Set yourself up'}</h1>
        {!busy && (
          <>
            <ul class="bullets">
              <li>Light on your face, nobody else in the picture.</li>
              <li>Your face fills the oval; hair and hats off it.</li>
              <li>A quiet room. Say each digit when it appears.</li>
            </ul>
            {camera.stream && <LevelMeter stream={camera.stream} />}
            <Devices camera={camera} />
          </>
        )}
        {failed && (
          <p class="fine field-bad" role="alert">
            The browser stopped recording. Try once more, or with another camera.
          </p>
        )}
        {left === null ? (
          <div class="card expired" role="alert">
            <p>This challenge has run out. A new one has other digits.</p>
            <button type="button" class="button button-primary" onClick={onNewChallenge}>
              Get a new challenge
            </button>
          </div>
        ) : (
          <>
            <div class="button-row button-row-start">
              {busy ? (
                <button type="button" class="button" onClick={recorder.cancel}>
                  Stop and start over
                </button>
              ) : (
                <button
                  type="button"
                  class="button button-primary button-large"
                  disabled={camera.stream === null}
                  onClick={start}
                >
                  Start recording
                </button>
              )}
            </div>
            <p class="fine">
              Your challenge is good for another <span class="mono">{left}</span>.
            </p>
          </>
        )}
      </div>
    </div>
  );
}

/** The picture as in a mirror, without sound. What is recorded is not mirrored. */
function Mirror({ stream }: { stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    void element.play().catch(() => {});
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return <video ref={video} class="mirror" muted playsInline aria-label="Your camera, mirrored" />;
}

function Devices({ camera }: { camera: Camera }) {
  const kinds = [
    ['camera', 'Camera', 'videoinput', camera.cameraId],
    ['microphone', 'Microphone', 'audioinput', camera.microphoneId],
  ] as const;
  return (
    <div class="devices">
      {kinds.map(([kind, label, type, chosen]) => {
        const found = camera.devices.filter((device) => device.kind === type);
        if (found.length < 2) return null;
        return (
          <label key={kind} class="field">
            <span class="field-label">{label}</span>
            <select value={chosen ?? ''} onChange={(event) => camera.choose(kind, event.currentTarget.value)}>
              {found.map((device, index) => (
                <option key={device.deviceId} value={device.deviceId}>
                  {device.label || `${label} ${index + 1}`}
                </option>
              ))}
            </select>
          </label>
        );
      })}
    </div>
  );
}
