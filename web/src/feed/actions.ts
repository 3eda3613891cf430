/** What a viewer can do with a clip, wherever it is shown: optimistic, undone when the server refuses. */
import type { Clip } from '#schemas/http/clips.ts';
import { followAccount } from '../api/accounts.ts';
import { asApiError } from '../api/client.ts';
import { likeClip, sendSignal } from '../api/clips.ts';
import { askToSignIn } from '../auth/ask.ts';
import { toast } from '../state/overlay.ts';
import { me } from '../state/session.ts';
import { labelName } from '../ui/format.ts';
import { changeEverywhere, setFollowedEverywhere, withLike } from './feed-store.ts';

/**
 * Likes or unlikes.
 * @param onChange receives the clip at once, and again with the server's own count
 */
export async function toggleLike(clip: Clip, onChange: (clip: Clip) => void): Promise<void> {
  if (!me.value) return askToSignIn('like this clip');
  const liked = !clip.viewer.liked;
  const apply = (flag: boolean, likes: number) => {
    onChange(withLike(clip, flag, likes));
    changeEverywhere(clip.id, (item) => withLike(item, flag, likes));
  };
  apply(liked, Math.max(0, clip.counts.likes + (liked ? 1 : -1)));
  try {
    const answer = await likeClip(clip.id, liked);
    apply(answer.liked, answer.likes);
  } catch (error) {
    apply(clip.viewer.liked, clip.counts.likes);
    toast(asApiError(error).message, { tone: 'bad' });
  }
}

/** Follows or unfollows the maker. */
export async function toggleFollow(
  handle: string,
  followed: boolean,
  onChange: (followed: boolean) => void,
): Promise<void> {
  if (!me.value) return askToSignIn(`follow @${handle}`);
  const apply = (flag: boolean) => {
    onChange(flag);
    setFollowedEverywhere(handle, flag);
  };
  apply(!followed);
  try {
    await followAccount(handle, !followed);
  } catch (error) {
    apply(followed);
    toast(asApiError(error).message, { tone: 'bad' });
  }
}

/** The system's share sheet where there is one, the clipboard elsewhere. */
export async function shareClip(clip: Clip, requestId?: string): Promise<void> {
  const url = new URL(`/clip/${clip.id}`, location.origin).href;
  const title = clip.caption || `A clip by @${clip.owner.handle}`;
  try {
    if (navigator.share) {
      await navigator.share({ title, text: `${title} (${labelName(clip.label)})`, url });
    } else {
      await navigator.clipboard.writeText(url);
      toast('Link copied.');
    }
    sendSignal(clip.id, 'share', requestId);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    toast(`Copy this link: ${url}`);
  }
}
