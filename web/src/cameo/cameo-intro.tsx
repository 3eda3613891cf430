/** Before the first enrolment: what a cameo is, what it is not, and the way in. */
import { useEffect, useState } from 'preact/hooks';
import type { Cameo } from '#schemas/http/cameo.ts';
import { enrolWithoutCamera } from '../api/cameo.ts';
import { asApiError } from '../api/client.ts';
import { toast } from '../state/overlay.ts';
import { loadConfig } from '../state/session.ts';
import { Icon } from '../ui/icons.tsx';
import { DrawnPortrait } from './drawn-portrait.tsx';

const promises = [
  [
    'lock',
    'Closed until you open it',
    'After enrolling, only you can cast yourself. You decide who else may.',
  ],
  [
    'speech',
    'You are told at once',
    'Whoever casts you makes you co-owner of the clip, drafts too. It is in your inbox as it happens.',
  ],
  [
    'trash',
    'You can take it back',
    'One clip, one person or everything. Once you have the receipt, it is served nowhere, remixes included.',
  ],
  [
    'eyeOff',
    'Your face stays yours',
    'The recording is deleted after the check. The template is encrypted with a key of its own, never used for training.',
  ],
] as const;

const faces = [
  {
    hair: 'curly',
    skin: '#8d5a3b',
    hairColor: '#2b1a14',
    eyes: '#4a2f1b',
    shirt: '#3f7d6e',
    glasses: 'none',
  },
  { hair: 'bob', skin: '#f1c9a5', hairColor: '#7a3b1d', eyes: '#3f6b8a', shirt: '#c8553d', glasses: 'round' },
  {
    hair: 'short',
    skin: '#c58c5f',
    hairColor: '#3a2a22',
    eyes: '#5a3a22',
    shirt: '#5b6fb5',
    glasses: 'none',
  },
] as const;

export function CameoIntro(props: { handle: string; onEnrolled: (cameo: Cameo) => void }) {
  return (
    <div class="page cameo-intro">
      <header class="page-head">
        <div class="intro-faces" aria-hidden="true">
          {faces.map((face) => (
            <DrawnPortrait
              key={face.hair}
              class="portrait portrait-large"
              portrait={{ kind: 'drawn', beard: face.hair === 'short' ? 'stubble' : 'none', ...face }}
            />
          ))}
        </div>
        <h1>Be in the picture, on your terms</h1>
        <p class="lead">
          A cameo lets you, and people you choose, put your likeness into clips. Without one nobody can cast
          you. You need it for nothing else on Kinora.
        </p>
        <div class="button-row button-row-start">
          {/* A page load of its own: only that page is allowed to ask for the camera. */}
          <a class="button button-primary button-large" href="/cameo/enrol">
            Enrol, about one minute
          </a>
          <WithoutCamera onEnrolled={props.onEnrolled} />
        </div>
      </header>
      <ul class="promise-list">
        {promises.map(([icon, title, text]) => (
          <li key={title} class="card promise">
            <Icon name={icon} />
            <span>
              <strong>{title}</strong>
              <span class="quiet">{text}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Only on a developer's own machine: a drawn portrait instead of a face, marked as a demo wherever it appears. */
export function WithoutCamera({ onEnrolled }: { onEnrolled: (cameo: Cameo) => void }) {
  const [offered, setOffered] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let current = true;
    loadConfig().then(
      (config) => current && setOffered(config.environment === 'local'),
      () => {},
    );
    return () => {
      current = false;
    };
  }, []);
  if (!offered) return null;
  const enrol = async () => {
    setBusy(true);
    try {
      const cameo = await enrolWithoutCamera();
      toast('Enrolled with a drawn portrait. It is marked as a demo wherever it appears.');
      onEnrolled(cameo);
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
      setBusy(false);
    }
  };
  return (
    <button type="button" class="button button-large" disabled={busy} onClick={() => void enrol()}>
      {busy ? 'Drawing you…' : 'Try it without a camera'}
    </button>
  );
}
