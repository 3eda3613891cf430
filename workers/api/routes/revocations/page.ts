/**
 * The public record as people read it: whoever checks a copy of a clip arrives here from its manifest (K-19). Rendered on the server
 * without script, so that it holds under the strictest content security policy. Called by the record route.
 */
import { html } from 'hono/html';
import type { ClipConsent, RevocationRecord } from './find-record.ts';

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** What each capability means to somebody who reads this. */
const words: Record<RevocationRecord['denies'][number], string> = {
  serve: 'being shown',
  list: 'being listed in feeds and search',
  remix: 'being remixed',
  download: 'being downloaded',
  cast: 'being made anew',
};

function listOf(denies: RevocationRecord['denies']): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(denies.map((name) => words[name]));
}

function layout(title: string, content: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Kinora</title>
        <link rel="stylesheet" href="/api/docs.css" />
      </head>
      <body>
        <main>${content}<p><a href="/">Kinora</a></p></main>
      </body>
    </html>`;
}

function proofView(record: RevocationRecord) {
  return html`<h2>Proof</h2>
    <p>
      Entry ${record.position} of the append-only log <code>${record.shard}</code>. The record says that and when, never who: the key it is
      about is in it only as a salted digest.
    </p>
    <pre>${record.leaf}</pre>
    <p>
      The entry lies in the signed tree below. <a href="/revocations/${record.id}?format=json">Download the record</a> and check it offline
      with <code>scripts/verify-revocation.ts</code> and the log's <a href="/revocations/${record.shard}/key">verifier key</a>.
    </p>
    <pre>${record.proof.checkpoint}</pre>`;
}

/** One entry. */
export function recordPage(record: RevocationRecord) {
  const title = record.lifted ? 'Withdrawn, and given back' : 'Consent was withdrawn';
  return layout(
    title,
    html`<h1>${title}</h1>
      <p>
        On <time datetime="${record.revokedAt}">${day.format(new Date(record.revokedAt))} UTC</time> somebody withdrew their consent to
        ${listOf(record.denies)}.
        ${record.lifted ? 'It does not stand any more.' : ''}
      </p>
      ${proofView(record)}`,
  );
}

/** Whether a clip is stopped. */
export function clipConsentPage({ clipId, revocation }: ClipConsent) {
  if (revocation === null) {
    return layout(
      'Consent stands',
      html`<h1>Consent stands</h1>
        <p>Nobody has withdrawn their consent to this clip. <a href="/clip/${clipId}">Watch it on Kinora</a>.</p>`,
    );
  }
  const when = day.format(new Date(revocation.revokedAt));
  return layout(
    'Consent withdrawn',
    html`<h1>Consent withdrawn on <time datetime="${revocation.revokedAt}">${when} UTC</time></h1>
      <p>
        A person this clip depends on has withdrawn their consent to ${listOf(revocation.denies)}. Kinora has stopped it everywhere. If you
        hold a copy, please do not pass it on.
      </p>
      ${proofView(revocation)}`,
  );
}
