/**
 * Fetches a file from another host to verify it. Invariants: only over HTTPS, only from hosts that the operator listed by name
 * (VERIFY_LINK_HOSTS, none by default), never by number, never on another port, never through a redirect: so nobody can make this Worker
 * knock at an address of their choice. Called by the verify route.
 */
import type { Config } from '../../config.ts';
import { RefusalError } from '../../respond.ts';
import { announcedSize, type SniffedBody, sniffBody } from './receive-file.ts';

/** How long the other host may take to begin to answer, milliseconds. */
const patienceMs = 10_000;

/** @throws RefusalError bad_request, not_found, payload_too_large, media_type_unsupported */
export async function fetchListed(
  config: Pick<Config, 'verifyLinkHosts'>,
  url: string,
): Promise<SniffedBody> {
  const address = new URL(url);
  const listed =
    address.protocol === 'https:' &&
    address.port === '' &&
    address.username === '' &&
    config.verifyLinkHosts.includes(address.hostname);
  if (!listed) {
    throw new RefusalError(
      'bad_request',
      'Links to that host are not followed here. Download the file and send it instead.',
    );
  }
  let response: Response;
  try {
    response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) });
  } catch {
    throw new RefusalError('not_found', 'The other host did not answer.');
  }
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new RefusalError('not_found', `The other host answered ${response.status} and no file.`);
  }
  return sniffBody(response.body, announcedSize(response.headers.get('Content-Length')));
}
