/**
 * The result of a check in four levels (C2PA user-experience guidance 2.0): mark and verdict, summary, what it was made from, every detail. The
 * verdict is a word, a shape and a colour; what the check cannot show is said as plainly as what it can.
 */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { provenanceTree } from '#core/provenance/explain/provenance-tree.ts';
import { makerWords, type Tone, verdictWords } from '#core/provenance/explain/verdict-words.ts';
import type { Verification } from '#schemas/verdict.ts';
import { formatBytes, formatTime } from '../ui/format.ts';
import { CredentialsPin, Icon, type IconName } from '../ui/icons.tsx';
import { EvidenceTree } from './evidence-tree.tsx';
import { Forensics } from './forensics.tsx';
import type { Outcome } from './outcome.ts';
import { ProvenanceView } from './provenance-view.tsx';
import { Summary } from './summary.tsx';

const toneIcons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  mixed: 'alert',
  bad: 'broken',
  none: 'unknown',
};

export function Result({ outcome, onAgain }: { outcome: Outcome; onAgain: () => void }) {
  const { verification } = outcome;
  const report = verification.layers.manifest;
  const tree = useMemo(() => provenanceTree(report, outcome.crJson), [report, outcome.crJson]);
  return (
    <div class="verify-result">
      <VerdictCard verification={verification} announce />
      <p class="fine wrap">
        {outcome.name} · {formatBytes(verification.file.size)} ·{' '}
        {outcome.method === 'browser'
          ? 'looked at in this browser only; nothing was sent'
          : outcome.file
            ? 'sent, looked at and erased'
            : 'looked at where it lies'}
      </p>
      <Findings verification={verification} />
      <Summary report={report} />
      <EvidenceTree root={verification.evidence} />
      {tree && (
        <details class="depth" open={tree.children.length > 0}>
          <summary>Where it comes from, step by step</summary>
          <ProvenanceView root={tree} store={outcome.store} />
        </details>
      )}
      <details class="depth">
        <summary>Every detail</summary>
        <Forensics outcome={outcome} />
      </details>
      <section aria-labelledby="limits-title">
        <h2 id="limits-title">What this does not say</h2>
        <ul class="bullets">
          {verification.limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </section>
      <div class="button-row button-row-start">
        <button type="button" class="button button-primary" onClick={onAgain}>
          Check another file
        </button>
      </div>
    </div>
  );
}

/** Level 1. Also shown by the upload page. @param announce take the focus: whoever cannot see the page change hears the verdict */
export function VerdictCard({
  verification,
  announce = false,
}: {
  verification: Verification;
  announce?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (announce) heading.current?.focus();
  }, [announce]);
  const words = verdictWords(verification.verdict);
  return (
    <div class={`verdict verdict-${words.tone}`}>
      {verification.layers.manifest.state !== 'None' && <CredentialsPin />}
      <div>
        <h2 ref={heading} tabIndex={-1} class="verdict-head">
          <Icon name={toneIcons[words.tone]} />
          {words.headline}
        </h2>
        <p>{verification.summary || words.meaning}</p>
      </div>
    </div>
  );
}

function Findings({ verification }: { verification: Verification }) {
  const { maker, clipId, withdrawn, verdict } = verification;
  if (!maker && !clipId && !withdrawn) return null;
  return (
    <ul class="findings">
      {maker && (
        <li>
          <Icon name="user" />
          <p>
            {makerWords(verification)} <a href={`/@${maker.handle}`}>@{maker.handle}</a>
            {maker.displayName !== maker.handle && <span class="fine"> ({maker.displayName})</span>}
          </p>
        </li>
      )}
      {clipId && !withdrawn && (
        <li>
          <Icon name="watch" />
          <p>
            <a href={`/clip/${clipId}`}>
              {verdict === 'made-here' ? 'The clip it is, on Kinora' : 'The clip as it was published'}
            </a>
          </p>
        </li>
      )}
      {withdrawn && (
        <li class="finding-bad">
          <Icon name="alert" />
          <p>
            <strong>
              Consent withdrawn{withdrawn.at ? ` on ${formatTime(withdrawn.at)}` : ''}. Kinora does not show
              this clip any more; please do not pass it on.
            </strong>{' '}
            {withdrawn.url && (
              <a href={withdrawn.url} target="_blank" rel="noopener">
                The public record
              </a>
            )}
          </p>
        </li>
      )}
    </ul>
  );
}
