import type { ReceiptBody } from '#schemas/http/clips.ts';
import { formatTime } from '../ui/format.ts';

const meanings: Readonly<Record<ReceiptBody['denies'][number], string>> = {
  serve: 'watching',
  list: 'listing',
  remix: 'remixing',
  download: 'downloading',
  cast: 'casting',
};

/** Proof of a deletion: its place, hash and time in the consent log, to keep or to check against the public record. */
export function Receipt({ receipt }: { receipt: ReceiptBody }) {
  return (
    <div class="receipt">
      <p>
        Stopped at once: {receipt.denies.map((capability) => meanings[capability]).join(', ')}. This receipt
        is entry <strong>{receipt.position}</strong> of the consent log.
      </p>
      <dl class="facts facts-tight">
        <div>
          <dt>Time</dt>
          <dd>
            <time dateTime={receipt.revokedAt}>{formatTime(receipt.revokedAt)}</time>
          </dd>
        </div>
        <div>
          <dt>Position</dt>
          <dd class="mono">{receipt.position}</dd>
        </div>
        <div>
          <dt>Receipt</dt>
          <dd class="mono wrap">{receipt.id}</dd>
        </div>
        <div>
          <dt>Hash</dt>
          <dd class="mono wrap">{receipt.hash}</dd>
        </div>
      </dl>
      <p class="fine">
        <a href={receipt.url} target="_blank" rel="noopener">
          Public record
        </a>
      </p>
    </div>
  );
}
