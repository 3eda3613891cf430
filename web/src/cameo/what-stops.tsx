/** The preview: exactly what will stop, in numbers, before it is confirmed. */
import type { RevocationPreview } from '#schemas/http/cameo.ts';
import type { ApiError } from '../api/client.ts';
import { formatCount } from '../ui/format.ts';
import { ErrorNote } from '../ui/states.tsx';
import { previewLines, previewSentence } from './words.ts';

export function WhatStops(props: {
  preview: RevocationPreview | null;
  error: ApiError | null;
  onRetry: () => void;
}) {
  const { preview, error } = props;
  if (error) return <ErrorNote error={error} onRetry={props.onRetry} />;
  return (
    <section class="what-stops" aria-label="What will stop" aria-live="polite" aria-busy={preview === null}>
      {preview === null ? (
        <p class="fine">Counting what this reaches…</p>
      ) : (
        <>
          <p>{previewSentence(preview)}</p>
          {previewLines(preview).length > 0 && (
            <dl class="tally">
              {previewLines(preview).map(([count, what]) => (
                <div key={what}>
                  <dd>{formatCount(count)}</dd>
                  <dt>{what}</dt>
                </div>
              ))}
            </dl>
          )}
        </>
      )}
    </section>
  );
}
