/** What came of a report, for whoever holds its receipt, with or without an account (K-67). */
import { useRoute } from 'preact-iso';
import type { ReportStatus } from '#schemas/http/moderation.ts';
import { readReport } from '../api/moderation.ts';
import { reasonWords } from '../moderation/words.ts';
import { useTitle } from '../state/page.ts';
import { useLoad } from '../state/use-load.ts';
import { formatAgo } from '../ui/format.ts';
import { ErrorNote, Loading } from '../ui/states.tsx';

export default function ReportPage() {
  useTitle('Your report');
  const token = useRoute().params.token ?? '';
  const { data, error, reload } = useLoad<ReportStatus>(`report:${token}`, () => readReport(token));
  if (error) return <ErrorNote error={error} onRetry={reload} />;
  if (!data) return <Loading label="Loading your report" />;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{data.status === 'waiting' ? 'Your report waits' : 'Your report was decided'}</h1>
        <p class="quiet">
          Reported for {reasonWords[data.reason]}{' '}
          <time dateTime={data.reportedAt}>{formatAgo(data.reportedAt, Date.now())}</time>
        </p>
      </header>
      <p>{data.text}</p>
      <p class="fine">Keep this address: whoever has it can read what came of the report.</p>
    </div>
  );
}
