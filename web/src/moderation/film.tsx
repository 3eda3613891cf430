/**
 * The subject's pictures, as a moderator meets them: stills first, grey and blurred, the film muted and paused, until a key or the button is
 * held. Invariant: nothing is ever shown unfiltered without the veil being lifted, which the server counts.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ModerationCase } from '#schemas/http/moderation.ts';
import { Icon } from '../ui/icons.tsx';
import type { Veil } from './exposure.ts';
import { drawKeyframes, type Keyframe } from './keyframes.ts';
import { keyOf } from './keys.ts';
import { harmWords, spanWords } from './words.ts';

export interface FilmHandle {
  play(): void;
  sound(): void;
  /** Moves by keyframes. */
  step(by: number): void;
}

const frameCount = 8;

export function Film(props: { found: ModerationCase; veil: Veil; onHandle: (handle: FilmHandle) => void }) {
  const { found, veil, onHandle } = props;
  const { media } = found.subject;
  const video = media.find(({ mediaType }) => mediaType.startsWith('video/'));
  const stills = media.filter(({ mediaType }) => mediaType.startsWith('image/'));
  const element = useRef<HTMLVideoElement>(null);
  const [drawn, setDrawn] = useState<readonly Keyframe[]>([]);
  const [muted, setMuted] = useState(true);
  const [playing, setPlaying] = useState(false);
  const at = useRef(0);

  useEffect(() => {
    setDrawn([]);
    if (!video) return;
    const stop = new AbortController();
    drawKeyframes(video.url, frameCount, stop.signal).then(setDrawn, () => {});
    return () => stop.abort();
  }, [video?.url]);

  const show = (index: number) => {
    const frame = drawn[index];
    if (!frame || !element.current) return;
    at.current = index;
    element.current.pause();
    element.current.currentTime = frame.seconds;
  };
  useEffect(() => {
    onHandle({
      play: () => {
        const film = element.current;
        if (!film) return;
        if (film.paused) void film.play().catch(() => {});
        else film.pause();
      },
      sound: () => setMuted((now) => !now),
      step: (by) => show(Math.min(drawn.length - 1, Math.max(0, at.current + by))),
    });
  }, [drawn, onHandle]);

  const veiled = veil.lifted ? '' : ' veiled';
  return (
    <section class="desk-film" aria-label="Pictures">
      <div class="desk-screen">
        {video ? (
          <video
            ref={element}
            class={`desk-video${veiled}`}
            src={video.url}
            muted={muted}
            playsInline
            loop
            preload="metadata"
            aria-label={`Film of the case, ${veil.lifted ? 'as it is' : 'blurred and grey'}`}
            onPlay={() => setPlaying(true)}
            onPause={() => setPlaying(false)}
          />
        ) : stills[0] ? (
          <img class={`desk-video${veiled}`} src={stills[0].url} alt="What the case is about" />
        ) : (
          <p class="desk-nothing">There is no picture in this case.</p>
        )}
        {media.length > 0 && (
          <div class="desk-screen-tools">
            <button
              type="button"
              class="button button-small"
              disabled={veil.capped !== null}
              aria-pressed={veil.lifted}
              onPointerDown={veil.lift}
              onPointerUp={veil.drop}
              onPointerLeave={() => veil.lifted && veil.drop()}
              onKeyDown={(event) => (event.key === 'Enter' || event.key === ' ') && veil.lift()}
              onKeyUp={veil.drop}
            >
              <Icon name="eyeOff" /> Hold to reveal <kbd>{keyOf('reveal')}</kbd>
            </button>
            {video && (
              <>
                <button
                  type="button"
                  class="button button-small"
                  onClick={() => (playing ? element.current?.pause() : void element.current?.play())}
                >
                  <Icon name={playing ? 'pause' : 'play'} /> {playing ? 'Pause' : 'Play'}
                </button>
                <button type="button" class="button button-small" onClick={() => setMuted(!muted)}>
                  <Icon name={muted ? 'soundOff' : 'soundOn'} /> {muted ? 'Muted' : 'Sound'}
                </button>
              </>
            )}
          </div>
        )}
      </div>
      {drawn.length > 0 && (
        <ul class="desk-strip" aria-label="Keyframes">
          {drawn.map((frame, index) => (
            <li key={frame.url}>
              <button
                type="button"
                onClick={() => show(index)}
                aria-label={`At ${frame.seconds.toFixed(1)} s`}
              >
                <img class={veiled.trim()} src={frame.url} alt="" />
                <span>{frame.seconds.toFixed(1)} s</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <p class="fine" role="status">
        {veil.capped ??
          (veil.exposure
            ? `${spanWords(veil.exposure.remainingSeconds)} of ${harmWords[veil.exposure.harmClass]} left for today`
            : 'Seen as it is, seconds are counted, and there is a limit for each day.')}
      </p>
    </section>
  );
}
