/** "About this video" (K-55): who, when, which engine, how the words were read, parents, label, and the Content Credentials in three depths. */
import type { Clip } from '#schemas/http/clips.ts';
import { getProvenance } from '../api/clips.ts';
import { CastList } from '../clip/cast-list.tsx';
import { peopleIn } from '../clip/people-in.ts';
import { useLoad } from '../state/use-load.ts';
import { aspectName, formatTime, labelName } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { ErrorNote, Loading } from '../ui/states.tsx';
import { Credentials } from './credentials.tsx';
import '../styles/about.css';

export function AboutVideo({ clip }: { clip: Clip }) {
  const provenance = useLoad(`provenance ${clip.id}`, () => getProvenance(clip.id));
  return (
    <div class="about">
      {provenance.loading && !provenance.data && <Loading label="Checking the Content Credentials" />}
      {provenance.error && <ErrorNote error={provenance.error} onRetry={provenance.reload} />}
      {provenance.data && <Credentials clip={clip} report={provenance.data} />}
      <AboutFacts clip={clip} />
    </div>
  );
}

/** What the clip says about itself, without the cryptography. */
export function AboutFacts({ clip }: { clip: Clip }) {
  return (
    <dl class="facts">
      <div>
        <dt>Made by</dt>
        <dd>
          <a href={`/@${clip.owner.handle}`}>@{clip.owner.handle}</a>
          {clip.owner.demo && <span class="fine"> (an invented account, not a person)</span>}
        </dd>
      </div>
      {clip.cast.length > 0 && (
        <div>
          <dt>In this clip</dt>
          <dd>
            <CastList cast={clip.cast} />
            {peopleIn(clip.cast).length > 0 && (
              <span class="fine">Each of them can stop it, for everybody and at any time.</span>
            )}
          </dd>
        </div>
      )}
      <div>
        <dt>{clip.publishedAt ? 'Published' : 'Made'}</dt>
        <dd>
          <time dateTime={clip.publishedAt ?? clip.createdAt}>
            {formatTime(clip.publishedAt ?? clip.createdAt)}
          </time>
        </dd>
      </div>
      <div>
        <dt>Label</dt>
        <dd>
          {labelName(clip.label)}{' '}
          <span class="fine">
            {clip.label === 'uploaded'
              ? '(made elsewhere; its credentials say what is known about how. The label cannot be taken off)'
              : '(every clip made on Kinora carries it; it cannot be taken off)'}
          </span>
        </dd>
      </div>
      <div>
        <dt>{clip.label === 'uploaded' ? 'Made with' : 'Engine and model'}</dt>
        <dd>
          {clip.label === 'uploaded' ? (
            'Not here. What its own credentials name, if anything, is in the record above.'
          ) : (
            <>
              <strong>
                {clip.engine.name} {clip.engine.version}
              </strong>
              {clip.engine.model && <span class="fine"> · model {clip.engine.model}</span>}
              <br />
              {clip.engine.description}
            </>
          )}
        </dd>
      </div>
      {clip.summary && (
        <div>
          <dt>How it read the prompt</dt>
          <dd>{clip.summary}</dd>
        </div>
      )}
      {clip.label !== 'uploaded' && (
        <div>
          <dt>Prompt</dt>
          <dd>
            {clip.prompt ? <q>{clip.prompt}</q> : <span class="quiet">Kept private by its maker.</span>}
          </dd>
        </div>
      )}
      <div>
        <dt>Made from</dt>
        <dd>
          {clip.parent ? (
            clip.parent.available ? (
              <a href={`/clip/${clip.parent.id}`}>a clip by @{clip.parent.handle}</a>
            ) : (
              <span class="quiet">a clip by @{clip.parent.handle} that is no longer available</span>
            )
          ) : clip.label === 'uploaded' ? (
            'A file from elsewhere'
          ) : (
            'Words alone'
          )}
        </dd>
      </div>
      <div>
        <dt>Format</dt>
        <dd>
          {(clip.durationMs / 1000).toFixed(1)} s · {clip.size.replace('x', ' × ')} · {aspectName(clip.size)}
        </dd>
      </div>
      {clip.locked && (
        <div>
          <dt>Lock</dt>
          <dd class="with-icon">
            <Icon name="lock" /> Locked against remixes and downloads.
          </dd>
        </div>
      )}
    </dl>
  );
}
