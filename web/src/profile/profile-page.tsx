/** A maker's public page: who they are and what they published. */
import { useRoute } from 'preact-iso';
import type { Profile } from '#schemas/http/accounts.ts';
import type { Clip } from '#schemas/http/clips.ts';
import { getProfile } from '../api/accounts.ts';
import { listClipsOf } from '../api/clips.ts';
import { ClipGrid } from '../clip/clip-grid.tsx';
import { toggleFollow } from '../feed/actions.ts';
import { useTitle } from '../state/page.ts';
import { me } from '../state/session.ts';
import { useLoad, usePages } from '../state/use-load.ts';
import { Avatar } from '../ui/avatar.tsx';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import NotFoundPage from '../ui/not-found-page.tsx';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import '../styles/clip.css';

/** Route `/:at`: a profile if the segment starts with @, otherwise nothing. */
export default function ProfilePage() {
  const { params } = useRoute();
  const at = params.at ?? '';
  return at.startsWith('@') && at.length > 1 ? <ProfileOf key={at} handle={at.slice(1)} /> : <NotFoundPage />;
}

function ProfileOf({ handle }: { handle: string }) {
  const { data, error, reload, set } = useLoad(`profile ${handle}`, () => getProfile(handle));
  const clips = usePages<Clip>(`clips of ${handle}`, (cursor) => listClipsOf(handle, cursor));
  useTitle(`@${handle}`);
  if (error?.status === 404) {
    return (
      <div class="page">
        <EmptyState
          whole
          title={`Nobody is called @${handle}`}
          action={
            <a class="button" href="/">
              Watch clips
            </a>
          }
        />
      </div>
    );
  }
  if (error) {
    return (
      <div class="page">
        <ErrorNote error={error} onRetry={reload} />
      </div>
    );
  }
  if (!data) return <Loading />;
  const mine = me.value?.account.id === data.id;
  return (
    <div class="page profile">
      <ProfileHead profile={data} mine={mine} onChange={set} />
      {clips.items.length > 0 && <ClipGrid clips={clips.items} />}
      {clips.loading && <Loading label="Loading clips" />}
      {clips.error && <ErrorNote error={clips.error} onRetry={clips.more} />}
      {!clips.loading && !clips.error && clips.items.length === 0 && (
        <EmptyState
          title="Nothing published yet"
          action={
            mine ? (
              <a class="button button-primary" href="/create">
                Write a clip
              </a>
            ) : undefined
          }
        >
          {mine
            ? 'What you publish to everyone appears here.'
            : `When @${handle} publishes something, it appears here.`}
        </EmptyState>
      )}
      {clips.hasMore && !clips.loading && (
        <div class="button-row">
          <button type="button" class="button" onClick={clips.more}>
            More clips
          </button>
        </div>
      )}
    </div>
  );
}

function ProfileHead({
  profile,
  mine,
  onChange,
}: {
  profile: Profile;
  mine: boolean;
  onChange: (profile: Profile) => void;
}) {
  const follows = profile.followedByMe === true;
  return (
    <header class="profile-head">
      <Avatar handle={profile.handle} size="large" />
      <div class="profile-names">
        <h1>{profile.displayName}</h1>
        <p class="quiet">
          @{profile.handle}
          {profile.demo && <span class="chip">demo account</span>}
        </p>
        <dl class="profile-counts">
          {(['clips', 'followers', 'following'] as const).map((name) => (
            <div key={name}>
              <dd>{formatCount(profile[name])}</dd>
              <dt>{name}</dt>
            </div>
          ))}
        </dl>
      </div>
      {mine ? (
        <div class="profile-own">
          <a class="button" href="/cameo">
            <Icon name="cameo" /> Likeness
          </a>
          <a class="button" href="/settings">
            <Icon name="settings" /> Settings
          </a>
        </div>
      ) : (
        <button
          type="button"
          class={follows ? 'button' : 'button button-primary'}
          aria-pressed={follows}
          onClick={() =>
            void toggleFollow(profile.handle, follows, (flag) =>
              onChange({
                ...profile,
                followedByMe: flag,
                followers: Math.max(0, profile.followers + (flag ? 1 : 0) - (follows ? 1 : 0)),
              }),
            )
          }
        >
          {follows ? 'Following' : 'Follow'}
        </button>
      )}
    </header>
  );
}
