/** Contracts (K-12): whom I let cast me, for what, how often, until when; and those others gave me. */
import { useState } from 'preact/hooks';
import type { Grant } from '#schemas/http/cameo.ts';
import type { CameoLevel } from '#schemas/likeness.ts';
import { endGrant, listGrants } from '../api/cameo.ts';
import { asApiError } from '../api/client.ts';
import { openOverlay, toast } from '../state/overlay.ts';
import { usePages } from '../state/use-load.ts';
import { Avatar } from '../ui/avatar.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { formatTime } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { ErrorNote, Loading } from '../ui/states.tsx';
import { GrantDialog } from './grant-dialog.tsx';
import { grantFacts } from './grant-words.ts';
import { openRevoke } from './open-revoke.tsx';

export function People({ level }: { level: CameoLevel }) {
  const given = usePages<Grant>('grants given', (cursor) => listGrants('given', cursor));
  const received = usePages<Grant>('grants received', (cursor) => listGrants('received', cursor));
  // Whatever a contract says, the level is the outer door.
  const closed = level === 'nobody' || level === 'only-me';
  const add = () =>
    openOverlay((close) => (
      <GrantDialog
        onClose={close}
        onCreated={(grant) => {
          close();
          given.setItems((old) => [grant, ...old]);
          toast(
            closed
              ? 'The contract is there, and rests until you open up to people you approve.'
              : `@${grant.grantee.handle} may cast you now.`,
          );
        }}
      />
    ));
  const changed = (grant: Grant) =>
    given.setItems((old) => old.map((item) => (item.id === grant.id ? grant : item)));
  return (
    <>
      <section class="card" aria-labelledby="people-title">
        <div class="card-head">
          <h2 id="people-title">People and contracts</h2>
          <button type="button" class="button button-small" onClick={add}>
            <Icon name="plus" /> Add
          </button>
        </div>
        {closed && given.items.length > 0 && (
          <p class="quiet">Contracts rest while your level is closed: set it to people I approve or wider.</p>
        )}
        {given.items.length > 0 && (
          <ul class="grant-list">
            {given.items.map((grant) => (
              <GivenGrant key={grant.id} grant={grant} onChange={changed} />
            ))}
          </ul>
        )}
        {given.loading && <Loading label="Loading contracts" />}
        {given.error && <ErrorNote error={given.error} onRetry={given.more} />}
        {!given.loading && !given.error && given.items.length === 0 && (
          <p class="quiet">
            Nobody has one yet. A contract lets one person cast you for a purpose, as often and as long as you
            say.
          </p>
        )}
        {given.hasMore && !given.loading && (
          <button type="button" class="button button-small" onClick={given.more}>
            More
          </button>
        )}
      </section>
      {received.items.length > 0 && (
        <section class="card" aria-labelledby="received-title">
          <h2 id="received-title">You may cast</h2>
          <ul class="grant-list">
            {received.items.map((grant) => (
              <li key={grant.id} class="grant">
                <Avatar handle={grant.grantor.handle} size="small" />
                <div class="grant-body">
                  <a href={`/@${grant.grantor.handle}`}>@{grant.grantor.handle}</a>
                  <GrantFacts grant={grant} />
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function GrantFacts({ grant }: { grant: Grant }) {
  return (
    <>
      <q>{grant.purpose}</q>
      <p class="fine">{grantFacts(grant, formatTime).join(' · ')}</p>
    </>
  );
}

function GivenGrant({ grant, onChange }: { grant: Grant; onChange: (grant: Grant) => void }) {
  const [busy, setBusy] = useState(false);
  const { handle } = grant.grantee;
  const active = grant.status === 'active';
  const end = () =>
    openOverlay((close) => (
      <ConfirmDialog
        title={`End this contract with @${handle}?`}
        confirm="End it"
        onClose={close}
        onConfirm={() => {
          close();
          void run();
        }}
      >
        <p>
          @{handle} can make nothing new under it, and jobs being made under it stop. Clips that exist stay
          where they are, without new remixes.
        </p>
      </ConfirmDialog>
    ));
  const run = async () => {
    setBusy(true);
    try {
      const receipt = await endGrant(grant.id);
      onChange({ ...grant, status: 'revoked' });
      toast(`The contract with @${handle} has ended: entry ${receipt.position} of the consent log.`);
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <li class={active ? 'grant' : 'grant grant-ended'}>
      <Avatar handle={handle} size="small" />
      <div class="grant-body">
        <a href={`/@${handle}`}>@{handle}</a>
        <GrantFacts grant={grant} />
        <div class="button-row button-row-start">
          {active && (
            <button type="button" class="button button-small" disabled={busy} onClick={end}>
              {busy ? 'Ending…' : 'End contract'}
            </button>
          )}
          <button
            type="button"
            class="button button-small"
            onClick={() =>
              void openRevoke(
                { scope: 'account', target: handle, title: `Revoke @${handle}?`, initial: 'keep' },
                () => onChange({ ...grant, status: 'revoked' }),
              )
            }
          >
            Revoke person
          </button>
        </div>
      </div>
    </li>
  );
}
