/** Progress bar that is also a slider: drag, click or arrow keys seek. Drawn from the video's own clock, frame by frame while it plays. */
import { useEffect, useRef } from 'preact/hooks';
import { formatClock } from '../ui/format.ts';

/** @param video the element to follow, null before it is mounted */
export function Scrubber({ video, duration }: { video: HTMLVideoElement | null; duration: number }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const range = input.current;
    if (!video || !range) return;
    let frame = 0;
    const draw = () => {
      const total = video.duration || duration;
      const ratio = total > 0 ? video.currentTime / total : 0;
      range.value = String(Math.round(ratio * 1000));
      range.style.setProperty('--played', `${(ratio * 100).toFixed(2)}%`);
      if (!video.paused) frame = requestAnimationFrame(draw);
    };
    const describe = () =>
      range.setAttribute('aria-valuetext', `${formatClock(video.currentTime)} of ${formatClock(duration)}`);
    const start = () => {
      cancelAnimationFrame(frame);
      draw();
    };
    describe();
    start();
    const events = ['play', 'pause', 'seeked', 'loadedmetadata'] as const;
    for (const name of events) video.addEventListener(name, start);
    video.addEventListener('timeupdate', describe);
    return () => {
      cancelAnimationFrame(frame);
      for (const name of events) video.removeEventListener(name, start);
      video.removeEventListener('timeupdate', describe);
    };
  }, [video, duration]);
  return (
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
        if (!video) return;
        video.currentTime = (Number(event.currentTarget.value) / 1000) * (video.duration || duration);
        event.currentTarget.style.setProperty('--played', `${Number(event.currentTarget.value) / 10}%`);
      }}
    />
  );
}
