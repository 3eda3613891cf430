/**
 * Enrolment (K-10): consent, camera, take, check, decision. Nothing is recorded before the consent and nothing leaves the device before
 * "send". The only page whose headers let it use a camera, so it is loaded by itself and not drawn into another one.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Enrolment } from '#schemas/http/cameo.ts';
import { startEnrolment } from '../api/cameo.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { upload } from '../api/upload.ts';
import { SignedIn } from '../auth/signed-in.tsx';
import { useTitle } from '../state/page.ts';
import { readStored, writeStored } from '../state/store.ts';
import { ErrorNote, Loading } from '../ui/states.tsx';
import { blockedByPolicy } from './camera.ts';
import { CaptureStep } from './capture-step.tsx';
import { ConsentStep } from './consent-step.tsx';
import { timeLeft } from './guide.ts';
import { ResultStep } from './result-step.tsx';
import { ReviewStep } from './review-step.tsx';
import type { Take } from './use-recorder.ts';
import '../styles/cameo.css';
import '../styles/enrol.css';

export default function EnrolPage() {
  useTitle('Enrol');
  const [ready, setReady] = useState(() => !blockedByPolicy());
  useEffect(() => {
    // Reached from inside the app: the document's own policy forbids the camera until it is loaded anew. Once, never in a circle.
    if (ready) return writeStored('enrol-reload', null, 'session');
    if (readStored('enrol-reload', 'session')) setReady(true);
    else {
      writeStored('enrol-reload', '1', 'session');
      location.reload();
    }
  }, [ready]);
  if (!ready) return <Loading />;
  return (
    <SignedIn
      title="Enrol your likeness"
      purpose="enrol your likeness"
      why="A likeness belongs to an account. Sign in, and the recording is bound to yours."
    >
      {(me) => <Enrol key={me.account.id} />}
    </SignedIn>
  );
}

function useTimeLeft(expiresAt: string | null): string | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!expiresAt) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [expiresAt]);
  return expiresAt ? timeLeft(expiresAt, now) : null;
}

function Enrol() {
  const [keep, setKeep] = useState(true);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [take, setTake] = useState<Take | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const left = useTimeLeft(enrolment?.status === 'open' ? enrolment.expiresAt : null);

  const begin = async (keepForRendering: boolean) => {
    setKeep(keepForRendering);
    setBusy(true);
    setError(null);
    try {
      setEnrolment(await startEnrolment(keepForRendering));
      setTake(null);
      setSent(null);
    } catch (failure) {
      setError(asApiError(failure));
    } finally {
      setBusy(false);
    }
  };
  const renew = () => void begin(keep);
  const send = async (challenge: Enrolment, recording: Take) => {
    setSent(0);
    setError(null);
    try {
      const answer = await upload<Enrolment>(
        `/cameo/enrolments/${challenge.id}/recording`,
        recording.file,
        setSent,
      );
      setEnrolment(answer);
    } catch (failure) {
      const refusal = asApiError(failure);
      setSent(null);
      setError(refusal);
      // Used or over: only a new challenge helps, and the page offers it.
      if (refusal.code === 'challenge_expired')
        setEnrolment({ ...challenge, expiresAt: new Date(0).toISOString() });
    }
  };

  const step =
    enrolment === null ? 'consent' : enrolment.status !== 'open' ? 'result' : take ? 'review' : 'capture';
  // Each step is a page of its own to whoever goes through them.
  useEffect(() => scrollTo(0, 0), [step]);

  return (
    <div class="page enrol">
      {error && <ErrorNote error={error} />}
      {enrolment === null ? (
        <ConsentStep busy={busy} onAgree={(kept) => void begin(kept)} />
      ) : enrolment.status !== 'open' ? (
        <ResultStep first={enrolment} onAgain={renew} />
      ) : take === null ? (
        <CaptureStep enrolment={enrolment} left={left} onTake={setTake} onNewChallenge={renew} />
      ) : (
        <ReviewStep
          take={take}
          sent={sent}
          left={left}
          onSend={() => void send(enrolment, take)}
          onAgain={() => setTake(null)}
          onNewChallenge={renew}
        />
      )}
    </div>
  );
}
