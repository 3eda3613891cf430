/** What the engine says about its clip: summary, timed captions for speech and for the sounds worth telling, poster. Pure; called by the drawing thread. */
import type { EngineReport } from '../engine.ts';
import type { Performance } from './physics/performance.ts';
import type { ContactEvent } from './simulation-log.ts';

export const model = 'kinora-sketch-1';

type Caption = EngineReport['captions'][number];

const verbs: Readonly<Record<ContactEvent['kind'], string>> = {
  impact: 'hits',
  splash: 'splashes into',
  burst: 'bursts',
  launch: 'takes off',
};
/** Sound captions stay this long, seconds, and this many at most. */
const shownSeconds = 1.3;
const most = 12;

/** `[ball hits the rim]`, in plain words. */
export function soundCaption(event: ContactEvent): string {
  const [a, b] = event.names;
  if (event.kind === 'launch' && b === 'ball') return `[${a} throws the ball]`;
  if (event.kind === 'launch' && b === 'hop') return `[${a} hops]`;
  if (event.kind === 'burst' || event.kind === 'launch') return `[${a} ${verbs[event.kind]}]`;
  return a === b ? `[${a}s knock together]` : `[${a} ${verbs[event.kind]} the ${b}]`;
}

/** The telling sounds: the first and the strongest of each kind, never two at once, none under speech. */
function soundCaptions(performance: Performance): Caption[] {
  const { contacts } = performance.log;
  const { dialogue, seconds } = performance.scene;
  const byText = new Map<string, ContactEvent[]>();
  for (const event of contacts) {
    const text = soundCaption(event);
    byText.set(text, [...(byText.get(text) ?? []), event]);
  }
  const wanted = [...byText].flatMap(([text, events]) => {
    const first = events[0];
    const loudest = events.reduce((a, b) => (b.impulse > a.impulse ? b : a));
    return [first, loudest]
      .filter((e) => e !== undefined)
      .map((e) => ({ text, time: e.time, impulse: e.impulse }));
  });
  const captions: Caption[] = [];
  const free = (start: number, end: number): boolean =>
    captions.every((c) => end <= c.start || start >= c.end) &&
    dialogue.every((d) => end <= d.start || start >= d.end);
  for (const { text, time } of wanted.sort((a, b) => b.impulse - a.impulse)) {
    const end = Math.min(seconds, time + shownSeconds);
    if (captions.length < most && end - time > 0.3 && free(time, end))
      captions.push({ start: time, end, text });
  }
  return captions;
}

export function reportOf(performance: Performance): EngineReport {
  const { scene, highlight, log } = performance;
  const speech = scene.dialogue.map((d) => ({
    start: d.start,
    end: d.end,
    text: d.speaker ? `${d.speaker}: ${d.text}` : d.text,
  }));
  return {
    model,
    summary: scene.summary,
    captions: [...speech, ...soundCaptions(performance)].sort((a, b) => a.start - b.start),
    posterFrame: Math.max(0, Math.min(log.frameCount - 1, Math.round(highlight * log.fps))),
  };
}
