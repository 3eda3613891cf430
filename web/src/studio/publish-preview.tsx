/** The clip's card as others will see it, and the list of what leaves the private side. */
import type { ComponentChildren } from 'preact';
import type { Clip, Visibility } from '#schemas/http/clips.ts';
import { peopleIn } from '../clip/people-in.ts';
import { labelName } from '../ui/format.ts';
import { CredentialsPin, Icon } from '../ui/icons.tsx';

export function PublishPreview(props: {
  clip: Clip;
  caption: string;
  visibility: Visibility;
  showPrompt: boolean;
}) {
  const { clip, visibility, showPrompt } = props;
  const caption = props.caption.trim();
  const people = peopleIn(clip.cast);
  const open = visibility !== 'private';
  return (
    <section class="preview" aria-label="What becomes public">
      <h2 class="minor">As others will see it</h2>
      <div class="preview-row">
        <div class="preview-card" style={{ backgroundColor: clip.color }} aria-hidden="true">
          <img src={clip.media.poster} alt="" />
          <CredentialsPin />
          <div class="preview-text">
            <strong>@{clip.owner.handle}</strong>
            <span>{caption || clip.summary}</span>
            <span class="chip chip-glass">{labelName(clip.label)}</span>
          </div>
        </div>
        <ul class="preview-list">
          <PreviewItem shown={open}>the video with its sound</PreviewItem>
          <PreviewItem shown={open}>your handle, @{clip.owner.handle}</PreviewItem>
          <PreviewItem shown={open}>
            {caption ? 'your caption' : 'how the engine read it (no caption)'}
          </PreviewItem>
          <PreviewItem shown={open}>its Content Credentials, with the engine’s name</PreviewItem>
          {people.length > 0 && (
            <PreviewItem shown={open}>
              who is in it: {people.map((who) => `@${who.account.handle}`).join(', ')}. They can stop it at
              any time
            </PreviewItem>
          )}
          <PreviewItem shown={open && showPrompt}>the prompt</PreviewItem>
        </ul>
      </div>
      {showPrompt && open && clip.prompt && (
        <p class="preview-prompt">
          <q>{clip.prompt}</q>
        </p>
      )}
    </section>
  );
}

function PreviewItem({ shown, children }: { shown: boolean; children: ComponentChildren }) {
  return (
    <li class={shown ? 'preview-shown' : 'preview-hidden'}>
      <Icon name={shown ? 'check' : 'eyeOff'} />
      <span>
        <span class="sr-only">{shown ? 'Visible: ' : 'Hidden: '}</span>
        {children}
      </span>
    </li>
  );
}
