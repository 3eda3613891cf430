/**
 * One clip on a stage: colour, then poster, then video; nothing shifts as they arrive. Plays only while `active`, muted until the
 * viewer asks for sound, and gives its memory back when unmounted. Called by the feed, the clip page and the draft preview.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Clip } from '#schemas/http/clips.ts';
import { captionsOn, soundOn } from '../state/preferences.ts';
import { Icon, PlayGlyph } from '../ui/icons.tsx';
import { claimActivePlayer } from './active.ts';
import { Scrubber } from './scrubber.tsx';

export interface PlayerProps {
  readonly clip: Pick<
    Clip,
    'id' | 'media' | 'color' | 'size' | 'durationMs' | 'hasCaptions' | 'caption' | 'summary'
  >;
  /** In front of the viewer: plays, and answers page-wide keys. */
  readonly active: boolean;
  /** Whether a video element exists at all; the poster is there in any case. */
  readonly mounted: boolean;
  /** Buffer the whole clip now, not only its head. */
  readonly eager: boolean;
  /** Fill what the frame leaves free with a blurred poster; always for wide clips. */
  readonly backdrop?: boolean;
  /** First poster on the page: fetched before everything else. */
  readonly priority?: boolean;
  readonly onPlaying?: () => void;
  readonly onView?: () => void;
  readonly onFinish?: () => void;
}

/** Video, poster, tap to pause, captions and scrubber. The parent gives it a positioned box of the right aspect. */
export function Player(props: PlayerProps) {
  const { clip, active, mounted, eager } = props;
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [paused, setPaused] = useState(false);
  const [shown, setShown] = useState(false);
  const [failed, setFailed] = useState(0);
  const [broken, setBroken] = useState(false);
  const [cue, setCue] = useState('');
  const viewed = useRef(false);
  const finished = useRef(false);
  const attach = useCallback((element: HTMLVideoElement | null) => {
    setVideo(element);
    if (element) element.muted = !soundOn.peek();
    else setShown(false);
  }, []);

  useEffect(() => {
    if (!video) return;
    return () => {
      // Without this a removed video keeps its buffer and its connection.
      video.pause();
      video.removeAttribute('src');
      video.load();
    };
  }, [video]);

  useEffect(() => {
    if (!active) setPaused(false);
  }, [active]);

  const wantsPlay = active && !paused;
  const muted = !soundOn.value;
  useEffect(() => {
    if (!video) return;
    video.muted = muted;
    if (!wantsPlay) {
      video.pause();
      if (!active && video.readyState > 0) video.currentTime = 0;
      return;
    }
    video.play().catch((error: unknown) => {
      // Sound without a gesture is refused by browsers: go on without it and let the viewer ask again.
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        if (video.muted) setPaused(true);
        else soundOn.value = false;
      }
    });
  }, [video, wantsPlay, muted, active]);

  useEffect(() => {
    if (!video || !active) return;
    const onVisibility = () => {
      if (document.hidden) video.pause();
      else if (wantsPlay) void video.play().catch(() => {});
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, [video, active, wantsPlay]);

  const toggle = useCallback(() => setPaused((value) => !value), []);
  useEffect(() => (active ? claimActivePlayer({ toggle }) : undefined), [active, toggle]);

  useEffect(() => {
    const track = video?.textTracks[0];
    if (!track) return;
    // Drawn by us, clear of the caption text and the controls.
    track.mode = 'hidden';
    const onCue = () => {
      const lines = Array.from(track.activeCues ?? [], (active) =>
        'text' in active ? String(active.text) : '',
      );
      setCue(lines.join('\n').replace(/<[^>]+>/g, ''));
    };
    track.addEventListener('cuechange', onCue);
    return () => track.removeEventListener('cuechange', onCue);
  }, [video]);

  const onTime = (element: HTMLVideoElement) => {
    if (!viewed.current && element.currentTime > Math.min(3, element.duration / 2)) {
      viewed.current = true;
      props.onView?.();
    }
    if (!finished.current && element.currentTime > element.duration - 0.35) {
      finished.current = true;
      props.onFinish?.();
    }
  };

  return (
    <div class="player" style={{ backgroundColor: clip.color }}>
      {(clip.size === '1280x720' || props.backdrop) && (
        <img class="player-backdrop" src={clip.media.poster} alt="" loading="lazy" />
      )}
      <img
        class="player-media"
        src={clip.media.poster}
        alt=""
        decoding={props.priority ? 'sync' : 'async'}
        fetchpriority={props.priority ? 'high' : 'auto'}
      />
      {mounted && (
        // biome-ignore lint/a11y/useMediaCaption: the track is there whenever the clip has captions.
        <video
          key={failed}
          ref={attach}
          class={shown ? 'player-media player-video player-shown' : 'player-media player-video'}
          src={clip.media.video}
          preload={eager || active ? 'auto' : 'metadata'}
          loop
          playsInline
          disablePictureInPicture
          aria-label={clip.caption || clip.summary || 'Clip'}
          onPlaying={() => {
            setShown(true);
            props.onPlaying?.();
          }}
          onSeeked={() => setShown(true)}
          onTimeUpdate={(event) => onTime(event.currentTarget)}
          onError={() => setBroken(true)}
        >
          {clip.media.captions && (
            <track kind="captions" src={clip.media.captions} srclang="en" label="Captions" default />
          )}
        </video>
      )}
      <button type="button" class="player-surface" aria-label={paused ? 'Play' : 'Pause'} onClick={toggle}>
        {paused && active && !broken && <PlayGlyph />}
      </button>
      {broken && (
        <div class="player-broken" role="alert">
          <p>This video does not load. Its maker, or somebody in it, may have taken it back.</p>
          <button
            type="button"
            class="button"
            onClick={() => {
              setBroken(false);
              setFailed((value) => value + 1);
            }}
          >
            Try again
          </button>
        </div>
      )}
      {cue && captionsOn.value && <p class="player-cue">{cue}</p>}
      <Scrubber video={video} duration={clip.durationMs / 1000} />
    </div>
  );
}

/** "Tap for sound" while muted, a small speaker afterwards; captions switch where there are captions. */
export function SoundButton({ hasCaptions }: { hasCaptions: boolean }) {
  const on = soundOn.value;
  return (
    <div class="sound-controls">
      <button
        type="button"
        class={on ? 'glass-button' : 'glass-button glass-wide'}
        aria-pressed={on}
        aria-label={on ? 'Sound is on. Mute' : 'Tap for sound'}
        onClick={() => {
          soundOn.value = !on;
        }}
      >
        <Icon name={on ? 'soundOn' : 'soundOff'} />
        {!on && <span>Tap for sound</span>}
      </button>
      {hasCaptions && (
        <button
          type="button"
          class="glass-button"
          aria-pressed={captionsOn.value}
          aria-label="Captions"
          onClick={() => {
            captionsOn.value = !captionsOn.value;
          }}
        >
          <Icon name="captions" />
        </button>
      )}
    </div>
  );
}
