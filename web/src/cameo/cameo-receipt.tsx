/** The receipt of a revocation of whatever scope: what stopped, every entry it made, and how each region learned of it (K-17, K-18). */
import type { CameoReceipt as ReceiptBody } from '#schemas/http/cameo.ts';
import { EntryFacts, Regions } from '../clip/receipt.tsx';
import { formatTime, plural } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { capabilityWords } from './words.ts';

export function CameoReceipt({ receipt }: { receipt: ReceiptBody }) {
  const { stopped, existing } = receipt;
  const counts = [
    [stopped.clips, 'clip'],
    [stopped.remixes, 'remix', 'remixes'],
    [stopped.generations, 'job', 'jobs'],
  ] as const;
  const found = counts.filter(([count]) => count > 0);
  return (
    <div class="receipt">
      <p class="receipt-lead">
        <Icon name="check" />
        <span>
          {existing === 'delete'
            ? 'Stopped everywhere'
            : existing === 'unlist'
              ? 'Taken off every list'
              : 'Done'}
          , <time dateTime={receipt.revokedAt}>{formatTime(receipt.revokedAt)}</time>
        </span>
      </p>
      <p>
        {found.length === 0
          ? 'Nothing existed that had to stop. Nothing new can be made.'
          : `This reaches ${found.map(([count, one, many]) => plural(count, one, many)).join(', ')}.`}{' '}
        Denied from now on: {receipt.denies.map((capability) => capabilityWords[capability]).join(', ')}.
      </p>
      {receipt.entries.map((entry) => (
        <div key={entry.id} class="receipt-entry">
          {receipt.entries.length > 1 && <p class="fine mono wrap">{entry.key}</p>}
          <Regions regions={entry.regions} waitedMs={entry.waitedMs} />
          <EntryFacts receipt={entry} />
          <p>
            <a class="with-icon" href={entry.url} target="_blank" rel="noopener">
              <Icon name="link" /> Public record
            </a>
            <span class="fine"> It says that this happened and when, not who did it.</span>
          </p>
        </div>
      ))}
    </div>
  );
}
