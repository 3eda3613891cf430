/**
 * A draft, and the second explicit step (K-06): shows exactly what becomes public before it does. The prompt stays hidden unless
 * its maker turns it on.
 */
import { useId, useState } from 'preact/hooks';
import type { Clip, Visibility } from '#schemas/http/clips.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { publishClip } from '../api/clips.ts';
import { captionLimit } from '../api/limits.ts';
import { openDelete } from '../clip/open-delete.tsx';
import { forgetFeeds } from '../feed/feed-store.ts';
import { Player, SoundButton } from '../player/player.tsx';
import { toast } from '../state/overlay.ts';
import { navigate } from '../state/page.ts';
import { Icon } from '../ui/icons.tsx';
import { PublishPreview } from './publish-preview.tsx';
import { Refusal } from './refusal.tsx';
import '../styles/draft.css';

const audiences: readonly (readonly [Visibility, string, string])[] = [
  ['public', 'Everyone', 'In the feed, on your profile, open to remixes.'],
  ['unlisted', 'Anyone with the link', 'Not in the feed and not on your profile.'],
  ['private', 'Only me', 'Kept as a finished clip nobody else can open.'],
];

export function DraftStudio({ clip }: { clip: Clip }) {
  const [caption, setCaption] = useState(clip.caption);
  const [visibility, setVisibility] = useState<Visibility>('public');
  const [showPrompt, setShowPrompt] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const id = useId();
  const publish = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const published = await publishClip(clip.id, { caption: caption.trim(), visibility, showPrompt });
      forgetFeeds();
      toast(visibility === 'public' ? 'Published. It is in the feed.' : 'Published.');
      navigate(`/clip/${published.id}`);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  };
  return (
    <div class={clip.size === '1280x720' ? 'draft draft-landscape' : 'draft'}>
      <div class="draft-stage">
        <div class="stage" style={{ backgroundColor: clip.color }}>
          <Player clip={clip} active mounted eager priority backdrop />
          <div class="stage-top">
            <SoundButton hasCaptions={clip.media.captions !== null} />
            <span class="chip chip-glass">
              Draft<span class="draft-hint"> · only you see this</span>
            </span>
          </div>
        </div>
      </div>
      <form
        class="draft-form"
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <header class="page-head">
          <h1>Publish it?</h1>
          <p class="lead">{clip.summary || 'Your draft is ready.'}</p>
        </header>
        <div class="field">
          <label class="field-label" for={id}>
            Caption
          </label>
          <textarea
            id={id}
            rows={2}
            maxLength={captionLimit}
            value={caption}
            placeholder="Say something about it"
            aria-describedby={`${id}-count`}
            onInput={(event) => setCaption(event.currentTarget.value)}
          />
          <span id={`${id}-count`} class="counter">
            {caption.length} / {captionLimit}
          </span>
        </div>
        <fieldset class="choices">
          <legend class="field-label">Who can see it</legend>
          {audiences.map(([value, label, hint]) => (
            <label key={value} class="choice">
              <input
                type="radio"
                name="visibility"
                value={value}
                checked={visibility === value}
                onChange={() => setVisibility(value)}
              />
              <span>
                <strong>{label}</strong>
                <span class="fine">{hint}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label class="switch-row">
          <span>
            <strong>Show the prompt</strong>
            <span class="fine">Off: nobody but you reads the words it was made from.</span>
          </span>
          <input
            class="switch"
            type="checkbox"
            checked={showPrompt}
            onChange={(event) => setShowPrompt(event.currentTarget.checked)}
          />
        </label>
        <PublishPreview clip={clip} caption={caption} visibility={visibility} showPrompt={showPrompt} />
        {error && (
          <Refusal
            error={error}
            sent={{ caption: caption.trim(), ...(clip.prompt === null ? {} : { prompt: clip.prompt }) }}
          />
        )}
        <div class="draft-actions">
          <button
            type="button"
            class="button button-quiet"
            onClick={() =>
              void openDelete(clip, () => {
                navigate('/drafts');
              })
            }
          >
            <Icon name="trash" /> Discard
          </button>
          <a class="button" href="/drafts">
            Keep as draft
          </a>
          <button type="submit" class="button button-primary" disabled={busy}>
            {busy ? 'Publishing…' : 'Publish'}
          </button>
        </div>
      </form>
    </div>
  );
}
