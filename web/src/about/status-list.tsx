/** Every status code of a report with its plain sentence, its address and where in the file it lies. Called by about and verify. */
import type { ValidationStatus } from '#schemas/provenance.ts';
import { Icon } from '../ui/icons.tsx';

const outcomeIcons = { success: 'check', failure: 'broken', informational: 'info' } as const;

export function StatusList({ statuses }: { statuses: readonly ValidationStatus[] }) {
  return (
    <ul class="checks">
      {statuses.map((status, index) => (
        <li key={`${status.code}-${index}`} class={`check check-${status.outcome}`}>
          <Icon name={outcomeIcons[status.outcome]} />
          <div>
            <p>
              <span class="sr-only">{status.outcome}: </span>
              {status.explanation}
            </p>
            <code>{status.code}</code>
            {status.url && <code class="check-url">{status.url}</code>}
            {status.ingredient && <code class="check-url">through {status.ingredient}</code>}
            {status.where && status.where.length > 0 && (
              <code class="check-url">
                bytes{' '}
                {status.where
                  .slice(0, 8)
                  .map(({ start, end }) => `${start}–${end}`)
                  .join(', ')}
                {status.where.length > 8 && ` and ${status.where.length - 8} more`}
              </code>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
