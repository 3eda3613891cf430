/** How loud the microphone hears, and a word when it hears nothing for a while. */
import { useEffect, useRef, useState } from 'preact/hooks';

/** Loudness of samples in −1…1 as 0…1: RMS on a scale where speech at arm's length fills about half. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.min(1, Math.sqrt(sum / Math.max(1, samples.length)) * 5);
}

const silentLevel = 0.02;
const silentMs = 4000;

export function LevelMeter({ stream }: { stream: MediaStream }) {
  const bar = useRef<HTMLDivElement>(null);
  const [silent, setSilent] = useState(false);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    let heard = performance.now();
    const tick = () => {
      analyser.getFloatTimeDomainData(samples);
      const level = levelOf(samples);
      bar.current?.style.setProperty('--level', level.toFixed(3));
      const now = performance.now();
      if (level > silentLevel) heard = now;
      setSilent(now - heard > silentMs);
      frame = requestAnimationFrame(tick);
    };
    void context.resume();
    tick();
    return () => {
      cancelAnimationFrame(frame);
      void context.close();
    };
  }, [stream]);
  return (
    <div class="level">
      <div class="level-bar" ref={bar} aria-hidden="true" />
      <p class={silent ? 'fine field-bad' : 'fine'} aria-live="polite">
        {silent
          ? 'Nothing is heard. Is the microphone muted, or another one chosen?'
          : 'Say something: the bar moves when you are heard.'}
      </p>
    </div>
  );
}
