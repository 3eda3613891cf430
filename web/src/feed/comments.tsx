/** Comments of one clip, newest page first as the server orders them. The count goes back to whoever shows it. */
import { useState } from 'preact/hooks';
import type { Clip, Comment } from '#schemas/http/clips.ts';
import { asApiError } from '../api/client.ts';
import { addComment, deleteComment, listComments } from '../api/clips.ts';
import { commentLimit } from '../api/limits.ts';
import { askToSignIn } from '../auth/ask.ts';
import { toast } from '../state/overlay.ts';
import { me } from '../state/session.ts';
import { usePages } from '../state/use-load.ts';
import { Avatar } from '../ui/avatar.tsx';
import { formatAgo } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { ErrorNote, Loading } from '../ui/states.tsx';

export function Comments({ clip, onCount }: { clip: Clip; onCount?: (comments: number) => void }) {
  const pages = usePages<Comment>(`comments ${clip.id}`, (cursor) => listComments(clip.id, cursor));
  const [count, setCount] = useState(clip.counts.comments);
  const changeCount = (by: number) => {
    const next = Math.max(0, count + by);
    setCount(next);
    onCount?.(next);
  };
  const remove = async (comment: Comment) => {
    pages.setItems((items) => items.filter((item) => item.id !== comment.id));
    try {
      await deleteComment(clip.id, comment.id);
      changeCount(-1);
    } catch (error) {
      pages.setItems((items) => [comment, ...items]);
      toast(asApiError(error).message, { tone: 'bad' });
    }
  };
  return (
    <div class="comments">
      <CommentForm
        clipId={clip.id}
        onAdded={(comment) => {
          pages.setItems((items) => [comment, ...items]);
          changeCount(1);
        }}
      />
      {pages.items.length > 0 && (
        <ul class="comment-list">
          {pages.items.map((comment) => (
            <li key={comment.id}>
              <Avatar handle={comment.author.handle} size="small" />
              <div>
                <p class="comment-head">
                  <a href={`/@${comment.author.handle}`}>@{comment.author.handle}</a>
                  <time dateTime={comment.createdAt}>{formatAgo(comment.createdAt, Date.now())}</time>
                </p>
                <p class="comment-text">{comment.text}</p>
              </div>
              {comment.mine && (
                <button
                  type="button"
                  class="icon-button icon-small"
                  aria-label="Delete this comment"
                  onClick={() => void remove(comment)}
                >
                  <Icon name="trash" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {pages.loading && <Loading label="Loading comments" />}
      {pages.error && <ErrorNote error={pages.error} onRetry={pages.more} />}
      {!pages.loading && !pages.error && pages.items.length === 0 && (
        <p class="quiet">No comments yet. Say what you liked about it.</p>
      )}
      {pages.hasMore && !pages.loading && (
        <button type="button" class="button" onClick={pages.more}>
          More comments
        </button>
      )}
    </div>
  );
}

function CommentForm({ clipId, onAdded }: { clipId: string; onAdded: (comment: Comment) => void }) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const trimmed = text.trim();
  if (!me.value) {
    return (
      <button type="button" class="button" onClick={() => void askToSignIn('comment')}>
        Sign in to comment
      </button>
    );
  }
  const send = async () => {
    if (!trimmed || busy) return;
    setBusy(true);
    try {
      onAdded(await addComment(clipId, trimmed));
      setText('');
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <input
        type="text"
        value={text}
        maxLength={commentLimit}
        placeholder="Add a comment"
        aria-label="Add a comment"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button button-primary" disabled={!trimmed || busy}>
        Post
      </button>
    </form>
  );
}
