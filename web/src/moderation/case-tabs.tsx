/** What is known about the case, a tab at a time: reports and findings, provenance, matches, history. */

import type { ModerationCase } from '#schemas/http/moderation.ts';
import type { EvidenceNode } from '#schemas/verdict.ts';
import { formatAgo } from '../ui/format.ts';
import { EvidenceTree } from '../verify/evidence-tree.tsx';
import { keyOf, type Tab, tabs } from './keys.ts';
import { actionWords, eventLine, reasonWords } from './words.ts';

const tabTitles: Record<Tab, string> = {
  reports: 'Reports',
  evidence: 'Origin',
  matches: 'Matches',
  history: 'History',
};

export function CaseTabs(props: {
  found: ModerationCase;
  tab: Tab;
  lifted: boolean;
  onTab: (tab: Tab) => void;
}) {
  const { found, tab, onTab } = props;
  const matches = found.findings.filter(({ match }) => match !== null);
  const counts: Record<Tab, number> = {
    reports: found.reports.length + found.findings.length,
    evidence: found.provenance ? 1 : 0,
    matches: matches.length,
    history: found.history.length,
  };
  return (
    <section class="desk-tabs" aria-label="What is known">
      <div role="tablist" aria-label="What is known" class="desk-tablist">
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`desk-tab-${name}`}
            aria-controls="desk-tabpanel"
            aria-selected={tab === name}
            onClick={() => onTab(name)}
          >
            {tabTitles[name]} <span class="fine">{counts[name]}</span> <kbd>{keyOf(`tab-${name}`)}</kbd>
          </button>
        ))}
      </div>
      <div
        id="desk-tabpanel"
        role="tabpanel"
        aria-labelledby={`desk-tab-${tab}`}
        class="desk-tabpanel"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
      >
        {tab === 'reports' && <Causes found={found} />}
        {tab === 'evidence' && <Origin found={found} />}
        {tab === 'matches' && <Matches found={found} lifted={props.lifted} />}
        {tab === 'history' && <History found={found} />}
      </div>
    </section>
  );
}

function Causes({ found }: { found: ModerationCase }) {
  const now = Date.now();
  return (
    <ul class="desk-list">
      {found.appeal && (
        <li>
          <strong>Appeal</strong> <span class="fine">{formatAgo(found.appeal.at, now)}</span>
          <blockquote>{found.appeal.text}</blockquote>
        </li>
      )}
      {found.reports.map((report) => (
        <li key={report.id}>
          <strong>{reasonWords[report.reason]}</strong>{' '}
          <span class="fine">
            {report.reporter ? `@${report.reporter.handle}` : 'without an account'} · right{' '}
            {Math.round(report.accuracy * 100)} % of the time · {formatAgo(report.at, now)}
          </span>
          {report.details !== '' && <blockquote>{report.details}</blockquote>}
        </li>
      ))}
      {found.findings.map((finding) => (
        <li key={`${finding.rule}${finding.at}${finding.second}`}>
          <strong>{finding.rule}</strong>{' '}
          <span class="fine">
            {finding.source}, version {finding.ruleVersion}
            {finding.score !== null && ` · ${finding.score.toFixed(2)}`}
            {finding.threshold !== null && ` of ${finding.threshold.toFixed(2)}`}
            {finding.second !== null && ` · at ${finding.second.toFixed(1)} s`}
            {finding.model !== null && ` · ${finding.model}`}
          </span>
          <p>{finding.explanation}</p>
        </li>
      ))}
    </ul>
  );
}

function Origin({ found }: { found: ModerationCase }) {
  const { provenance, subject } = found;
  const tree = provenance?.treeJson ? readTree(provenance.treeJson) : null;
  return (
    <>
      {subject.parentClipId && (
        <p>
          A remix of{' '}
          <a href={`/clip/${subject.parentClipId}`} target="_blank" rel="noreferrer">
            this clip
          </a>
          .
        </p>
      )}
      {provenance ? (
        <>
          <p>
            <strong>{provenance.verdict}</strong>: {provenance.summary}
          </p>
          {tree && <EvidenceTree root={tree} />}
        </>
      ) : (
        <p class="quiet">
          Made here and not checked again for this case.{' '}
          {subject.kind === 'clip' && (
            <a href={`/verify?clip=${subject.id}`} target="_blank" rel="noreferrer">
              Check it now
            </a>
          )}
        </p>
      )}
    </>
  );
}

/** The tree that was shown when the case was opened, as our own worker wrote it; null when it cannot be read. */
function readTree(json: string): EvidenceNode | null {
  try {
    const tree: Partial<EvidenceNode> | null = JSON.parse(json);
    return Array.isArray(tree?.children) && typeof tree.claim === 'string' ? (tree as EvidenceNode) : null;
  } catch {
    return null;
  }
}

function Matches({ found, lifted }: { found: ModerationCase; lifted: boolean }) {
  const urlOf = (file: string | null) =>
    file === null ? undefined : found.subject.media.find((media) => media.file === file)?.url;
  const matches = found.findings.flatMap(({ match, explanation }) => (match ? [{ match, explanation }] : []));
  if (matches.length === 0) return <p class="quiet">Nothing in the hash bank looks like it.</p>;
  return (
    <ul class="desk-list">
      {matches.map(({ match, explanation }) => (
        <li key={match.entryId}>
          <p>{explanation}</p>
          <div class="desk-pair">
            {[match.ourFrame, match.theirFrame].map((file, side) => {
              const url = urlOf(file);
              return (
                <figure key={side === 0 ? 'ours' : 'bank'}>
                  {url ? (
                    <img class={lifted ? '' : 'veiled'} src={url} alt="" />
                  ) : (
                    <p class="desk-nothing">No picture is kept of it.</p>
                  )}
                  <figcaption class="fine">
                    {side === 0 ? 'This one' : `Bank entry ${match.entryId}`}
                  </figcaption>
                </figure>
              );
            })}
          </div>
          <p class="fine">{match.distance} of 256 bits differ.</p>
        </li>
      ))}
    </ul>
  );
}

function History({ found }: { found: ModerationCase }) {
  const now = Date.now();
  const lines = found.events.flatMap((event) => {
    const line = eventLine(event);
    return line === null ? [] : [{ seq: event.seq, line, at: event.at }];
  });
  return (
    <>
      <p>
        {found.ownerStrikes === 0
          ? 'No decisions are in force against whoever made it.'
          : `Decisions in force against whoever made it: ${found.ownerStrikes} points.`}
      </p>
      {found.history.length > 0 && (
        <ul class="desk-list">
          {found.history.map((earlier) => (
            <li key={earlier.caseId}>
              {earlier.sameSubject ? 'The same' : `Another ${earlier.subjectKind}`},{' '}
              {formatAgo(earlier.openedAt, now)}:{' '}
              {earlier.action
                ? `${actionWords[earlier.action].done.toLowerCase()} under ${earlier.policyId}`
                : 'not decided yet'}
            </li>
          ))}
        </ul>
      )}
      <h3>This case</h3>
      <ol class="desk-log">
        {lines.map(({ seq, line, at }) => (
          <li key={seq}>
            <span>{line}</span>{' '}
            <time class="fine" dateTime={at}>
              {formatAgo(at, now)}
            </time>
          </li>
        ))}
      </ol>
      <p class="fine">
        <a href={`/api/v1/moderation/cases/${found.id}/log`}>The signed log of this case</a>
      </p>
    </>
  );
}
