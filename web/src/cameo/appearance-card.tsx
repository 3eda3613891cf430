/** One clip with my likeness: what it is, how it stands, and everything I can do about it without opening anything else. */
import { useState } from 'preact/hooks';
import type { Appearance } from '#schemas/http/cameo.ts';
import { hideClip } from '../api/cameo.ts';
import { asApiError } from '../api/client.ts';
import { lockClip } from '../api/clips.ts';
import { openOverlay, toast } from '../state/overlay.ts';
import { formatAgo, plural } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { appearanceState } from './appearance-words.ts';
import { openRevoke, openRevokeAll } from './open-revoke.tsx';
import { RecastDialog } from './recast-dialog.tsx';

/** Poster, maker, prompt and state. */
export function AppearanceHead({ item }: { item: Appearance }) {
  const state = appearanceState(item);
  const [broken, setBroken] = useState(false);
  const shown = item.poster !== null && item.served && !broken;
  const poster = (
    <span class="appearance-poster" style={item.color ? { backgroundColor: item.color } : undefined}>
      {shown && item.poster ? (
        <img src={item.poster} alt="" loading="lazy" onError={() => setBroken(true)} />
      ) : (
        <Icon name={item.clipStatus !== null && !item.served ? 'eyeOff' : 'watch'} />
      )}
    </span>
  );
  return (
    <div class="appearance-head">
      {item.clipId && item.served ? (
        <a href={`/clip/${item.clipId}`} aria-label={`Watch the clip by ${item.maker.handle}`}>
          {poster}
        </a>
      ) : (
        poster
      )}
      <div class="appearance-text">
        <p class="appearance-by">
          <a href={`/@${item.maker.handle}`}>@{item.maker.handle}</a>
          <span class="fine">{formatAgo(item.createdAt, Date.now())}</span>
        </p>
        <p class="appearance-prompt">{item.caption || item.prompt}</p>
        {item.caption && <p class="fine appearance-prompt">{item.prompt}</p>}
        <p class="chips">
          <span class={`chip chip-${state.tone}`}>{state.label}</span>
          {item.locked && <span class="chip">locked</span>}
          {item.hidden && <span class="chip">hidden</span>}
          {item.recastRequested && <span class="chip">recast asked for</span>}
          {item.remixes > 0 && <span class="chip">{plural(item.remixes, 'remix', 'remixes')}</span>}
        </p>
      </div>
    </div>
  );
}

interface AppearanceCardProps {
  readonly item: Appearance;
  readonly myId: string;
  readonly onChange: (item: Appearance) => void;
  /** A revocation may have changed more than this one. */
  readonly onRevoked: () => void;
}

export function AppearanceCard({ item, myId, onChange, onRevoked }: AppearanceCardProps) {
  const [busy, setBusy] = useState(false);
  const { clipId, maker } = item;
  const live = clipId !== null && item.clipStatus !== 'withdrawn';
  const mine = maker.id === myId;
  const run = async (change: () => Promise<unknown>, after: Appearance, said: string, back?: () => void) => {
    if (busy) return;
    setBusy(true);
    try {
      await change();
      onChange(after);
      toast(said, back ? { action: { label: 'Undo', run: back } } : {});
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  const lock = (locked: boolean) =>
    clipId &&
    void run(
      () => lockClip(clipId, locked),
      { ...item, locked },
      locked ? 'Locked: nobody can remix or download it.' : 'Unlocked.',
      locked ? () => lock(false) : undefined,
    );
  const hide = (hidden: boolean) =>
    clipId &&
    void run(
      () => hideClip(clipId, hidden),
      { ...item, hidden },
      hidden ? 'Hidden from every feed and search.' : 'Listed again.',
      hidden ? () => hide(false) : undefined,
    );
  return (
    <li class="appearance" id={item.generationId}>
      <AppearanceHead item={item} />
      <div class="appearance-actions">
        {live && clipId && (
          <>
            <Action
              icon="trash"
              label="Delete"
              danger
              onClick={() =>
                void openRevoke(
                  { scope: 'clip', target: clipId, title: 'Stop this clip?', initial: 'delete' },
                  onRevoked,
                )
              }
            />
            <Action
              icon="lock"
              label={item.locked ? 'Unlock' : 'Lock'}
              pressed={item.locked}
              disabled={busy}
              onClick={() => lock(!item.locked)}
            />
            <Action
              icon="eyeOff"
              label={item.hidden ? 'Show' : 'Hide'}
              pressed={item.hidden}
              disabled={busy}
              onClick={() => hide(!item.hidden)}
            />
            {!mine && (
              <Action
                icon="remix"
                label={item.recastRequested ? 'Asked to recast' : 'Ask to recast'}
                disabled={item.recastRequested}
                onClick={() =>
                  openOverlay((close) => (
                    <RecastDialog
                      clipId={clipId}
                      maker={maker.handle}
                      onClose={close}
                      onRequested={() => onChange({ ...item, recastRequested: true })}
                    />
                  ))
                }
              />
            )}
          </>
        )}
        {!mine && (
          <Action
            icon="user"
            label={`Revoke @${maker.handle}`}
            danger
            onClick={() =>
              void openRevoke(
                {
                  scope: 'account',
                  target: maker.handle,
                  title: `Revoke @${maker.handle}?`,
                  initial: 'delete',
                },
                onRevoked,
              )
            }
          />
        )}
        <Action icon="alert" label="Revoke everything" danger onClick={() => openRevokeAll(onRevoked)} />
      </div>
    </li>
  );
}

function Action(props: {
  icon: IconName;
  label: string;
  onClick: () => void;
  danger?: boolean;
  pressed?: boolean;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      class={props.danger ? 'action action-danger' : 'action'}
      aria-pressed={props.pressed}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.label}
    </button>
  );
}
