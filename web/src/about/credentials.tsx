/** Content Credentials in three depths: the verdict, the summary of the manifest, every check with its code. */

import { relationshipName } from '#core/provenance/explain/manifest-words.ts';
import { trustModelWords } from '#core/provenance/explain/verdict-words.ts';
import type { Clip } from '#schemas/http/clips.ts';
import type { ManifestSummary, ProvenanceReport } from '#schemas/provenance.ts';
import { formatTime } from '../ui/format.ts';
import { CredentialsPin, Icon } from '../ui/icons.tsx';
import { actionName, checkCounts, sourceTypeName, verdictOf } from './explain.ts';
import { StatusList } from './status-list.tsx';

export function Credentials({ clip, report }: { clip: Clip; report: ProvenanceReport }) {
  const verdict = verdictOf(report.state, report.trustModel);
  const counts = checkCounts(report);
  const manifest = report.manifest;
  return (
    <section class="credentials" aria-label="Content Credentials">
      <div class={`verdict verdict-${verdict.tone}`}>
        <CredentialsPin />
        <div>
          <h3>
            {verdict.headline} <span class="verdict-state">{report.state}</span>
          </h3>
          <p>{verdict.sentence}</p>
        </div>
      </div>
      {manifest && (
        <details class="depth">
          <summary>What the record says</summary>
          <ManifestFacts manifest={manifest} report={report} />
        </details>
      )}
      <details class="depth">
        <summary>
          Every check{' '}
          <span class="fine">
            {counts.passed} passed{counts.failed > 0 ? `, ${counts.failed} failed` : ''}
            {counts.noted > 0 ? `, ${counts.noted} noted` : ''}
          </span>
        </summary>
        <StatusList statuses={report.statuses} />
        <p class="fine">
          Checked {formatTime(report.verifiedAt)} against{' '}
          {report.trust.length > 0 ? report.trust.join(', ') : 'no trust list'}.
        </p>
      </details>
      <p class="credential-links">
        {clip.status === 'published' && (
          <a href={`/verify?clip=${clip.id}`}>
            <Icon name="verify" /> Check it with everything
          </a>
        )}
        <a href={clip.media.manifest} download={`${clip.id}.c2pa`}>
          <Icon name="download" /> Download manifest
        </a>
        <a href={revocationPath(manifest, clip)} target="_blank" rel="noopener">
          <Icon name="link" /> Consent record
        </a>
      </p>
    </section>
  );
}

/** The public record named in the manifest; on our own pages always by path, whatever host it was signed under. */
function revocationPath(manifest: ManifestSummary | null, clip: Clip): string {
  if (!manifest?.revocationUrl) return `/revocations/${clip.id}`;
  try {
    return new URL(manifest.revocationUrl).pathname;
  } catch {
    return `/revocations/${clip.id}`;
  }
}

function ManifestFacts({ manifest, report }: { manifest: ManifestSummary; report: ProvenanceReport }) {
  const { signer, claimGenerator } = manifest;
  return (
    <>
      <dl class="facts facts-tight">
        <div>
          <dt>Signed by</dt>
          <dd>
            {signer?.organization ?? signer?.commonName ?? 'unknown'}
            {signer?.organization && signer.commonName && <span class="fine"> ({signer.commonName})</span>}
            {signer?.algorithm && <span class="fine"> · {signer.algorithm}</span>}
            {report.trustModel && (
              <>
                <br />
                <span class="fine">vouched for by {trustModelWords(report.trustModel)}</span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Signed</dt>
          <dd>{manifest.signedAt ? formatTime(manifest.signedAt) : 'The record carries no time stamp.'}</dd>
        </div>
        <div>
          <dt>Written by</dt>
          <dd>
            {claimGenerator
              ? `${claimGenerator.name}${claimGenerator.version ? ` ${claimGenerator.version}` : ''}`
              : 'unknown'}
          </dd>
        </div>
        <div>
          <dt>What happened</dt>
          <dd>
            <ul class="plain-list">
              {manifest.actions.map((action, index) => (
                <li key={`${action.action}-${index}`}>
                  {actionName(action.action)}
                  {action.digitalSourceType && `: ${sourceTypeName(action.digitalSourceType)}`}
                  <span class="fine">
                    {action.softwareAgent && ` · ${action.softwareAgent}`}
                    {action.when && ` · ${formatTime(action.when)}`}
                  </span>
                </li>
              ))}
            </ul>
          </dd>
        </div>
        {manifest.ingredients.length > 0 && (
          <div>
            <dt>Made from</dt>
            <dd>
              <ul class="plain-list">
                {manifest.ingredients.map((ingredient, index) => (
                  <li key={`${ingredient.clipId}-${index}`}>
                    {ingredient.clipId ? (
                      <a href={`/clip/${ingredient.clipId}`}>{ingredient.title ?? ingredient.clipId}</a>
                    ) : (
                      (ingredient.title ?? 'an unnamed file')
                    )}
                    <span class="fine">
                      {' '}
                      · {relationshipName(ingredient.relationship)} ·{' '}
                      {verdictOf(ingredient.state).headline.toLowerCase()}
                    </span>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      <p class="fine mono wrap">{manifest.label}</p>
    </>
  );
}
