/**
 * Level 4, for those who look closely: every status code with its plain sentence and address, every manifest and assertion, the binding, the
 * trust lists with their dates, and the raw record to take away.
 */
import { stateWords, trustModelWords } from '#core/provenance/explain/verdict-words.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import { StatusList } from '../about/status-list.tsx';
import { formatBytes, formatTime } from '../ui/format.ts';
import type { Outcome } from './outcome.ts';
import { RawRecord } from './raw-record.tsx';

export function Forensics({ outcome }: { outcome: Outcome }) {
  const { verification } = outcome;
  const report = verification.layers.manifest;
  return (
    <>
      <h3 class="minor">Every check</h3>
      {report.statuses.length === 0 ? (
        <p class="quiet">There was nothing to check: no manifest was found.</p>
      ) : (
        <StatusList statuses={report.statuses} />
      )}
      <h3 class="minor">What ties the record to the file</h3>
      <Binding report={report} />
      {report.manifests.length > 0 && (
        <>
          <h3 class="minor">Manifests in the store</h3>
          <Manifests report={report} />
        </>
      )}
      {report.manifest && report.manifest.assertions.length > 0 && (
        <>
          <h3 class="minor">Statements in the active manifest</h3>
          <ul class="chips">
            {report.manifest.assertions.map((label, index) => (
              <li key={`${label}-${index}`} class="chip mono">
                {label}
              </li>
            ))}
          </ul>
        </>
      )}
      {report.softBindings.length > 0 && (
        <>
          <h3 class="minor">What could find the record again</h3>
          <dl class="facts facts-tight">
            {report.softBindings.map((binding, index) => (
              <div key={`${binding.alg}-${index}`}>
                <dt>{binding.alg}</dt>
                <dd class="mono wrap clamp">{binding.value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <h3 class="minor">Whom this trusts</h3>
      <Trust report={report} />
      <h3 class="minor">The file</h3>
      <dl class="facts facts-tight">
        <div>
          <dt>SHA-256</dt>
          <dd class="mono wrap">{verification.file.sha256 || 'not computed'}</dd>
        </div>
        <div>
          <dt>Size and kind</dt>
          <dd>
            {formatBytes(verification.file.size)} ({verification.file.size.toLocaleString()} bytes) ·{' '}
            {verification.file.mediaType}
          </dd>
        </div>
        {report.remoteManifestUrl && (
          <div>
            <dt>Says its record is kept at</dt>
            <dd class="mono wrap">{report.remoteManifestUrl}</dd>
          </div>
        )}
      </dl>
      <RawRecord outcome={outcome} />
    </>
  );
}

function Binding({ report }: { report: ProvenanceReport }) {
  const { binding } = report;
  if (binding === null) return <p class="quiet">Nothing was found that ties a record to these bytes.</p>;
  const results = {
    match: 'it fits',
    mismatch: 'it does not fit',
    malformed: 'it is not well formed, so it binds nothing',
  } as const;
  return (
    <p>
      <code class="mono">{binding.label}</code>: {results[binding.result]}. It covers{' '}
      {binding.covers.toLocaleString()} of {binding.of.toLocaleString()} bytes.
      {report.store.length > 0 && (
        <span class="fine">
          {' '}
          The record itself lies at bytes{' '}
          {report.store
            .slice(0, 4)
            .map(({ start, end }) => `${start}–${end}`)
            .join(', ')}
          .
        </span>
      )}
    </p>
  );
}

function Manifests({ report }: { report: ProvenanceReport }) {
  return (
    <ul class="stack">
      {report.manifests.map((manifest, index) => (
        <li key={`${manifest.label}-${index}`}>
          <p>
            {manifest.title ?? 'Untitled'}
            <span class="fine">
              {[
                index === 0 && 'active',
                manifest.isUpdate && 'update',
                manifest.signer && `signed by ${manifest.signer}`,
                manifest.claimGenerator && `written by ${manifest.claimGenerator}`,
                manifest.timestamp &&
                  `time stamp ${formatTime(manifest.timestamp.time)}${
                    manifest.timestamp.authority ? ` by ${manifest.timestamp.authority}` : ''
                  }`,
              ]
                .filter(Boolean)
                .map((part) => ` · ${part}`)
                .join('')}
            </span>
          </p>
          <p class="fine mono wrap">self#jumbf=/c2pa/{manifest.label}</p>
        </li>
      ))}
    </ul>
  );
}

function Trust({ report }: { report: ProvenanceReport }) {
  return (
    <>
      <p>
        The signer is vouched for by {trustModelWords(report.trustModel)}. State: {report.state} (
        {stateWords(report.state)}).
      </p>
      <ul class="plain-list">
        {report.trustLists.map((list) => (
          <li key={`${list.kind}-${list.name}`}>
            {list.name}{' '}
            <span class="fine">
              · {list.kind} · version {list.version}
              {list.issuedAt ? ` · issued ${formatTime(list.issuedAt)}` : ' · no date given'}
            </span>
          </li>
        ))}
      </ul>
      <p class="fine">Checked {formatTime(report.verifiedAt)}.</p>
    </>
  );
}
