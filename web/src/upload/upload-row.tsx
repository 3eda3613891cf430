/** A stored upload: the stage it is at, live, then its verdict and what became of it. */
import { useState } from 'preact/hooks';
import type { Upload } from '#schemas/http/uploads.ts';
import { asApiError } from '../api/client.ts';
import { deleteUpload } from '../api/uploads.ts';
import { toast } from '../state/overlay.ts';
import { formatAgo, formatBytes } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { EvidenceTree } from '../verify/evidence-tree.tsx';
import { VerdictCard } from '../verify/result.tsx';
import { checkSteps, nextWords, statusWords, stepWords } from './upload-words.ts';
import { useUpload } from './use-upload.ts';

export function UploadRow({ first, onGone }: { first: Upload; onGone: () => void }) {
  const upload = useUpload(first);
  const [busy, setBusy] = useState(false);
  const { verification, status } = upload;
  const next = nextWords(upload);
  const now = upload.stage === null ? -1 : checkSteps.indexOf(upload.stage);
  const arrived = Math.min(upload.size, upload.parts.length * upload.partSize);
  const remove = async () => {
    setBusy(true);
    try {
      await deleteUpload(upload.id);
      onGone();
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
      setBusy(false);
    }
  };
  return (
    <li class="upload-row">
      <div class="upload-head">
        <strong class="wrap">{upload.fileName}</strong>
        <span class="fine">
          {formatBytes(upload.size)} · {formatAgo(upload.createdAt, Date.now())}
        </span>
      </div>
      <p role="status">{statusWords(upload)}</p>
      {status === 'receiving' && (
        <>
          <progress aria-label={`Arrived of ${upload.fileName}`} max={upload.size} value={arrived} />
          <p class="fine">
            {formatBytes(arrived)} of {formatBytes(upload.size)} arrived. Choose the same file again and the
            rest is sent.
          </p>
        </>
      )}
      {status === 'checking' && (
        <ol class="running-steps">
          {checkSteps.map((step, index) => (
            <li
              key={step}
              class={index < now ? 'running-done' : index === now ? 'running-now' : ''}
              aria-current={index === now ? 'step' : undefined}
            >
              {index < now && <Icon name="check" />}
              {stepWords(step)}
            </li>
          ))}
        </ol>
      )}
      {upload.reason && <p>{upload.reason}</p>}
      {next && <p class="quiet">{next}</p>}
      {verification && (
        <>
          <VerdictCard verification={verification} />
          <details class="depth">
            <summary>Why</summary>
            <EvidenceTree root={verification.evidence} />
          </details>
        </>
      )}
      <div class="button-row button-row-start">
        {status === 'ready' && upload.clipId && (
          <a class="button button-small button-primary" href={`/publish/${upload.clipId}`}>
            Open your draft
          </a>
        )}
        {status === 'refused' && verification?.clipId && !verification.withdrawn && (
          <a class="button button-small" href={`/clip/${verification.clipId}`}>
            See the clip it is
          </a>
        )}
        {(status === 'receiving' || status === 'failed') && (
          <button type="button" class="button button-small" disabled={busy} onClick={() => void remove()}>
            <Icon name="trash" /> {status === 'receiving' ? 'Give it up' : 'Put away'}
          </button>
        )}
      </div>
    </li>
  );
}
