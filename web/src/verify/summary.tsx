/** Level 2: who signed it, what wrote it, when, what was done; in words, and with the state of what it was made from. */
import { actionName, sourceTypeName } from '#core/provenance/explain/manifest-words.ts';
import { trustModelWords } from '#core/provenance/explain/verdict-words.ts';
import type { ProvenanceReport } from '#schemas/provenance.ts';
import { formatTime, plural } from '../ui/format.ts';

export function Summary({ report }: { report: ProvenanceReport }) {
  const { manifest } = report;
  if (manifest === null) return null;
  const { signer, claimGenerator } = manifest;
  const stamp = report.manifests.find(({ label }) => label === manifest.label)?.timestamp ?? null;
  return (
    <section aria-labelledby="summary-title">
      <h2 id="summary-title">In short</h2>
      <dl class="facts facts-columns">
        <div>
          <dt>Signed by</dt>
          <dd>
            {signer?.organization ?? signer?.commonName ?? 'unknown'}
            {signer?.organization && signer.commonName && <span class="fine"> ({signer.commonName})</span>}
            {/* Of a record that does not hold, nobody was asked to vouch. */}
            {report.state !== 'Invalid' && (
              <>
                <br />
                <span class="fine">vouched for by {trustModelWords(report.trustModel)}</span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Signed</dt>
          <dd>
            {manifest.signedAt ? formatTime(manifest.signedAt) : 'The record carries no time stamp.'}
            {stamp?.authority && <span class="fine"> · time stamp by {stamp.authority}</span>}
          </dd>
        </div>
        <div>
          <dt>Written by</dt>
          <dd>
            {claimGenerator
              ? `${claimGenerator.name}${claimGenerator.version ? ` ${claimGenerator.version}` : ''}`
              : 'unknown'}
          </dd>
        </div>
        {manifest.title && (
          <div>
            <dt>Title</dt>
            <dd>{manifest.title}</dd>
          </div>
        )}
        {manifest.actions.length > 0 && (
          <div>
            <dt>What was done</dt>
            <dd>
              <ul class="plain-list">
                {manifest.actions.slice(0, 12).map((action, index) => (
                  <li key={`${action.action}-${index}`}>
                    {actionName(action.action)}
                    {action.digitalSourceType && `: ${sourceTypeName(action.digitalSourceType)}`}
                    {action.softwareAgent && <span class="fine"> · {action.softwareAgent}</span>}
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        {manifest.ingredients.length > 0 && (
          <div>
            <dt>Made from</dt>
            <dd>{plural(manifest.ingredients.length, 'other file')}; see below</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
