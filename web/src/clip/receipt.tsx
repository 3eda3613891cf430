/** Proof of one entry in the consent log: what it stopped, how every region learned of it, and what to check it against. */
import type { ReceiptBody } from '#schemas/http/clips.ts';
import { capabilityWords, regionWords } from '../cameo/words.ts';
import { formatTime } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';

/** Milliseconds as people read them: `3 ms`, `1.2 s`. */
export function formatWait(ms: number): string {
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function Receipt({ receipt }: { receipt: ReceiptBody }) {
  return (
    <div class="receipt">
      <p>
        Stopped at once: {receipt.denies.map((capability) => capabilityWords[capability]).join(', ')}. This
        receipt is entry <strong>{receipt.position}</strong> of the consent log.
      </p>
      <Regions regions={receipt.regions} waitedMs={receipt.waitedMs} />
      <EntryFacts receipt={receipt} />
      <p class="fine">
        <a href={receipt.url} target="_blank" rel="noopener">
          Public record
        </a>
      </p>
    </div>
  );
}

/** Region by region: acknowledged, or cut off until its lease had run out. Either way nothing more is served there. */
export function Regions({ regions, waitedMs }: Pick<ReceiptBody, 'regions' | 'waitedMs'>) {
  if (regions.length === 0) {
    return (
      <p class="with-icon receipt-quiet">
        <Icon name="check" /> No region was serving it, so none had to be told.
      </p>
    );
  }
  return (
    <div>
      <h3 class="minor">Every region that was serving has stopped</h3>
      <ul class="region-list">
        {regions.map((region, index) => (
          <li key={index}>
            <Icon name="check" />
            <span>{regionWords[region.region]}</span>
            <span class="fine">
              {region.outcome === 'acknowledged' ? 'acknowledged' : 'cut off; its permission ran out'} ·{' '}
              {formatWait(region.ms)}
            </span>
          </li>
        ))}
      </ul>
      <p class="fine">This answer waited {formatWait(waitedMs)} for all of them.</p>
    </div>
  );
}

/** The numbers to keep. With key and salt the public record, which names nobody, can be tied to this. */
export function EntryFacts({ receipt }: { receipt: ReceiptBody }) {
  const rows: readonly (readonly [string, string])[] = [
    ['Receipt', receipt.id],
    ['Position', String(receipt.position)],
    ['Hash', receipt.hash],
    ['Consent key', receipt.key],
    ['Salt', receipt.salt],
  ];
  return (
    <details class="depth">
      <summary>To check it yourself</summary>
      <dl class="facts facts-tight">
        <div>
          <dt>Time</dt>
          <dd>
            <time dateTime={receipt.revokedAt}>{formatTime(receipt.revokedAt)}</time>
          </dd>
        </div>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="mono wrap">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
