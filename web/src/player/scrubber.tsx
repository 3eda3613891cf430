/**
 * Progress bar that is also a slider: drag, click or arrow keys seek. The bar is one animation handed to the compositor at every
 * start, stop and seek, so that a playing clip costs the page no script; the slider's own value follows four times a second.
 */
import { useEffect, useRef } from 'preact/hooks';
import { formatClock } from '../ui/format.ts';

/** @param video the element to follow, null before it is mounted; @param duration seconds, until the video knows its own */
export function Scrubber({ video, duration }: { video: HTMLVideoElement | null; duration: number }) {
  const input = useRef<HTMLInputElement>(null);
  const fill = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const range = input.current;
    const bar = fill.current;
    if (!video || !range || !bar) return;
    let animation: Animation | null = null;
    let said = '';
    const total = () => video.duration || duration;
    const run = () => {
      const ratio = total() > 0 ? video.currentTime / total() : 0;
      animation?.cancel();
      bar.style.transform = `scaleX(${ratio})`;
      if (video.paused || video.readyState < 3) return;
      animation = bar.animate([{ transform: `scaleX(${ratio})` }, { transform: 'scaleX(1)' }], {
        duration: Math.max(0, (total() - video.currentTime) * 1000),
        fill: 'forwards',
      });
    };
    const follow = () => {
      range.value = String(Math.round((video.currentTime / total()) * 1000) || 0);
      const text = `${formatClock(video.currentTime)} of ${formatClock(duration)}`;
      if (text === said) return;
      said = text;
      range.setAttribute('aria-valuetext', text);
    };
    follow();
    run();
    const events = ['playing', 'pause', 'waiting', 'seeked', 'loadedmetadata'] as const;
    for (const name of events) video.addEventListener(name, run);
    video.addEventListener('timeupdate', follow);
    return () => {
      animation?.cancel();
      for (const name of events) video.removeEventListener(name, run);
      video.removeEventListener('timeupdate', follow);
    };
  }, [video, duration]);
  return (
    <div class="scrub">
      <span class="scrub-track" aria-hidden="true">
        <span ref={fill} class="scrub-fill" />
      </span>
      <input
        ref={input}
        class="scrubber"
        type="range"
        min="0"
        max="1000"
        step="1"
        defaultValue="0"
        aria-label="Position in the clip"
        onInput={(event) => {
          if (video)
            video.currentTime = (Number(event.currentTarget.value) / 1000) * (video.duration || duration);
        }}
      />
    </div>
  );
}
