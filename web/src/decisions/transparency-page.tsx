/** What the desk decides, in numbers that come from its log (K-67). */
import type { ModerationNumbers } from '#schemas/http/moderation.ts';
import { readNumbers } from '../api/moderation.ts';
import { actionWords } from '../moderation/words.ts';
import { useTitle } from '../state/page.ts';
import { useLoad } from '../state/use-load.ts';
import { ErrorNote, Loading } from '../ui/states.tsx';
import '../styles/moderation.css';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

export default function TransparencyPage() {
  useTitle('Transparency');
  const { data, error, reload } = useLoad<ModerationNumbers>('numbers', readNumbers);
  if (error) return <ErrorNote error={error} onRetry={reload} />;
  if (!data) return <Loading label="Counting" />;
  const titleOf = (id: string) => data.policies.find((policy) => policy.id === id)?.title ?? id;
  const { overturnRate, hoursToDecision, appeals, cases, sources } = data;
  return (
    <div class="page transparency">
      <header class="page-head">
        <h1>What the desk decides</h1>
        <p class="quiet">Counted from the signed log of every case, never entered by hand.</p>
      </header>
      <dl class="numbers">
        <Figure name="Cases opened" value={cases.opened} />
        <Figure name="Decided" value={cases.decided} />
        <Figure name="Open" value={cases.open} />
        <Figure name="From reports" value={sources.reports} />
        <Figure name="From checks" value={sources.findings} />
        <Figure name="Appeals" value={appeals.made} />
        <Figure
          name="Overturned on appeal"
          value={overturnRate.value === null ? 'None decided yet' : percent(overturnRate.value)}
          note={
            overturnRate.value === null
              ? null
              : `${percent(overturnRate.low)} to ${percent(overturnRate.high)} (95 %, Wilson), of ${overturnRate.of}`
          }
        />
        <Figure
          name="Hours to a decision"
          value={hoursToDecision.median === null ? 'None yet' : hoursToDecision.median.toFixed(1)}
          note={hoursToDecision.p95 === null ? null : `95 % within ${hoursToDecision.p95.toFixed(1)}`}
        />
      </dl>
      <h2>Decisions</h2>
      {data.decisions.length === 0 ? (
        <p class="quiet">Nothing has been decided yet.</p>
      ) : (
        <div class="table-scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Policy</th>
                <th scope="col">Of</th>
                <th scope="col">Count</th>
              </tr>
            </thead>
            <tbody>
              {data.decisions.map((row) => (
                <tr key={`${row.action}${row.policyId}${row.subjectKind}`}>
                  <td>{actionWords[row.action].done}</td>
                  <td>{titleOf(row.policyId)}</td>
                  <td>{row.subjectKind}</td>
                  <td>{row.count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <h2>The rules</h2>
      <dl class="policies">
        {data.policies.map((policy) => (
          <div key={policy.id}>
            <dt>{policy.title}</dt>
            <dd>
              {policy.text}{' '}
              <span class="fine">
                Version {policy.version}, usually: {actionWords[policy.defaultAction].done.toLowerCase()}.
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <p class="fine mono wrap">Key of the logs (Ed25519): {data.logPublicKey}</p>
    </div>
  );
}

function Figure({
  name,
  value,
  note = null,
}: {
  name: string;
  value: number | string;
  note?: string | null;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        {note !== null && <span class="fine">{note}</span>}
      </dd>
    </div>
  );
}
