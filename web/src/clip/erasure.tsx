/** What was erased after a deletion, store by store and live (K-20). Stopping came first and did not wait for this. */
import { useEffect, useState } from 'preact/hooks';
import type { Erasure as ErasureBody } from '#schemas/http/clips.ts';
import { getErasure } from '../api/cameo.ts';
import { formatTime } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import '../styles/consent.css';

type Line = ErasureBody['stores'][number];

const storeWords: Readonly<Record<Line['store'], string>> = {
  rows: 'Database',
  objects: 'Video, poster, captions',
  feed: 'Feeds',
  embeddings: 'Face template and search vectors',
  caches: 'Caches',
  fingerprints: 'Fingerprints',
  'durable-credentials': 'Durable credentials',
  'render-nodes': 'Render nodes',
  evidence: 'Evidence',
};
const statusWords: Readonly<Record<Line['status'], string>> = {
  pending: 'pending',
  erased: 'erased',
  held: 'kept apart',
  none: 'nothing there',
};

const pollMs = 1500;
/** After this many looks the list stands still until somebody asks again: a render node that is switched off may take days. */
const looks = 40;

/**
 * @param subject a clip id or a cameo id
 * @param quiet nothing is shown, and nobody asks again, where there is no receipt for me to see
 */
export function Erasure({ subject, quiet = false }: { subject: string; quiet?: boolean }) {
  const [erasure, setErasure] = useState<ErasureBody | null>(null);
  const [turn, setTurn] = useState(0);
  const [resting, setResting] = useState(false);
  useEffect(() => {
    let current = true;
    let left = looks;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const found = await getErasure(subject).catch(() => null);
      if (!current) return;
      if (found) setErasure(found);
      if (found?.complete || (!found && quiet)) return;
      left -= 1;
      if (left > 0) timer = setTimeout(() => void look(), pollMs);
      else setResting(true);
    };
    setResting(false);
    void look();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [subject, turn, quiet]);
  if (!erasure && quiet) return null;
  return (
    <section class="erasure" aria-label="Erasure">
      <h3 class="minor">{erasure?.complete ? 'Erased' : 'Being erased'}</h3>
      {erasure ? (
        <ul class="store-list">
          {erasure.stores.map((line) => (
            <StoreLine key={line.store} line={line} />
          ))}
        </ul>
      ) : (
        <p class="fine">Nothing is served any more. Erasing what is stored starts in a moment.</p>
      )}
      {resting && !erasure?.complete && (
        <button type="button" class="button button-small" onClick={() => setTurn((value) => value + 1)}>
          Look again
        </button>
      )}
    </section>
  );
}

function StoreLine({ line }: { line: Line }) {
  return (
    <li class={`store store-${line.status}`}>
      <Icon name={line.status === 'pending' ? 'node' : line.status === 'held' ? 'lock' : 'check'} />
      <span>
        <strong>{storeWords[line.store]}</strong>
        <span class="fine">
          {statusWords[line.status]}
          {line.items > 0 && ` · ${line.items}`}
          {line.at && (
            <>
              {' · '}
              <time dateTime={line.at}>{formatTime(line.at)}</time>
            </>
          )}
        </span>
        {line.detail && <span class="fine">{line.detail}</span>}
      </span>
    </li>
  );
}
