/** A clip that consent has stopped: says so, and when, from the public record; never who took it back (K-19). */
import { useEffect } from 'preact/hooks';
import { getClipConsent } from '../api/cameo.ts';
import { loadMe, me } from '../state/session.ts';
import { useLoad } from '../state/use-load.ts';
import { formatTime } from '../ui/format.ts';
import { EmptyState } from '../ui/states.tsx';
import { Erasure } from './erasure.tsx';

export function StoppedClip({ id }: { id: string }) {
  const { data } = useLoad(`consent ${id}`, () => getClipConsent(id));
  useEffect(() => {
    if (me.peek() === undefined) void loadMe();
  }, []);
  const when = data?.revocation?.revokedAt;
  return (
    <div class="page">
      <EmptyState
        whole
        title="This clip was taken back"
        action={
          <>
            <a class="button" href={`/revocations/${id}`}>
              Public record
            </a>
            <a class="button button-primary" href="/">
              Watch others
            </a>
          </>
        }
      >
        {when ? (
          <>
            Consent was withdrawn on <time dateTime={when}>{formatTime(when)}</time>.{' '}
          </>
        ) : (
          'Its maker, or somebody in it, withdrew consent. '
        )}
        Nothing of it is served any more, remixes included.
      </EmptyState>
      {me.value && <OwnErasure id={id} />}
    </div>
  );
}

/** The erasure receipt, for those whom the server tells: the maker and whoever was in it. */
function OwnErasure({ id }: { id: string }) {
  return (
    <div class="stopped-erasure">
      <Erasure subject={id} quiet />
    </div>
  );
}
