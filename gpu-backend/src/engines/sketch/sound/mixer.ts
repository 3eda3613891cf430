/**
 * Mixes one-shots and running beds into stereo blocks. Memory stays bounded: a shot is rendered when its first sample is
 * due and dropped after its last. Music and beds make way for contacts, everything makes way for speech. Called by
 * render-sound.ts.
 */
import { onePole, panGains } from './filters.ts';
import { Limiter } from './limiter.ts';
import { Reverb } from './reverb.ts';

/** Frames mixed at once; ducking is smoothed per sample inside. */
export const blockFrames = 1024;

export type Bus = 'contact' | 'cue' | 'voice' | 'score' | 'bed';
const busNames: readonly Bus[] = ['contact', 'cue', 'voice', 'score', 'bed'];

/** A sound with a beginning and an end. */
export interface Shot {
  /** Frame of its first sample. */
  readonly start: number;
  readonly bus: Bus;
  /** 0 left … 1 right. */
  readonly pan: number;
  readonly gain: number;
  /** Share sent to the reverb, 0..1. */
  readonly send: number;
  /** Hz above which distance has taken the sound away; absent: near. */
  readonly lowPass?: number;
  /** Mono samples at 48 kHz; called once, when due. */
  render(): Float32Array;
}

/** A sound that runs through the clip; adds itself to the block that starts at `from`. */
export interface Bed {
  readonly send: number;
  add(left: Float32Array, right: Float32Array, from: number): void;
}

interface Playing {
  readonly samples: Float32Array;
  readonly shot: Shot;
  readonly left: number;
  readonly right: number;
  at: number;
}

export interface Mix {
  readonly totalFrames: number;
  readonly shots: readonly Shot[];
  readonly beds: readonly Bed[];
  /** Seconds until the room has died by 60 dB. */
  readonly roomSeconds: number;
}

/** Interleaved stereo blocks, `totalFrames` frames in total, peak below 1. */
export function* mixBlocks(mix: Mix): Generator<Float32Array> {
  const queue = [...mix.shots].sort((a, b) => a.start - b.start);
  const buses = Object.fromEntries(
    busNames.map((name) => [
      name,
      { left: new Float32Array(blockFrames), right: new Float32Array(blockFrames) },
    ]),
  ) as Record<Bus, { left: Float32Array; right: Float32Array }>;
  const send = new Float32Array(blockFrames);
  const scratch = { left: new Float32Array(blockFrames), right: new Float32Array(blockFrames) };
  const reverb = new Reverb(mix.roomSeconds);
  const limiter = new Limiter();
  const ducker = new Ducker();
  let playing: Playing[] = [];
  let next = 0;
  let toSkip = limiter.delay;
  let written = 0;

  for (let from = 0; written < mix.totalFrames; from += blockFrames) {
    for (const bus of Object.values(buses)) {
      bus.left.fill(0);
      bus.right.fill(0);
    }
    send.fill(0);
    for (let shot = queue[next]; shot && shot.start < from + blockFrames; shot = queue[++next]) {
      const samples = shot.render();
      if (shot.lowPass !== undefined) lowPass(samples, shot.lowPass);
      const [left, right] = panGains(shot.pan);
      playing.push({ samples, shot, left: left * shot.gain, right: right * shot.gain, at: 0 });
    }
    for (const voice of playing) addVoice(voice, buses[voice.shot.bus], send, from);
    playing = playing.filter((voice) => voice.at < voice.samples.length);
    for (const bed of mix.beds) {
      scratch.left.fill(0);
      scratch.right.fill(0);
      bed.add(scratch.left, scratch.right, from);
      const target = buses.bed;
      for (let i = 0; i < blockFrames; i++) {
        const [l, r] = [scratch.left[i] ?? 0, scratch.right[i] ?? 0];
        target.left[i] = (target.left[i] ?? 0) + l;
        target.right[i] = (target.right[i] ?? 0) + r;
        send[i] = (send[i] ?? 0) + (l + r) * 0.5 * bed.send;
      }
    }
    const out = ducker.sum(buses);
    reverb.add(send, out);
    fadeOut(out, from, mix.totalFrames);
    limiter.process(out);
    const start = Math.min(toSkip, blockFrames);
    toSkip -= start;
    const frames = Math.min(blockFrames - start, mix.totalFrames - written);
    if (frames > 0) yield out.slice(start * 2, (start + frames) * 2);
    written += Math.max(0, frames);
  }
}

function addVoice(
  voice: Playing,
  bus: { left: Float32Array; right: Float32Array },
  send: Float32Array,
  from: number,
): void {
  const offset = Math.max(0, voice.shot.start - from);
  const frames = Math.min(blockFrames - offset, voice.samples.length - voice.at);
  const { left, right } = bus;
  const toRoom = voice.shot.send * voice.shot.gain;
  for (let i = 0; i < frames; i++) {
    const sample = voice.samples[voice.at + i] ?? 0;
    left[offset + i] = (left[offset + i] ?? 0) + sample * voice.left;
    right[offset + i] = (right[offset + i] ?? 0) + sample * voice.right;
    send[offset + i] = (send[offset + i] ?? 0) + sample * toRoom;
  }
  voice.at += Math.max(0, frames);
}

function lowPass(samples: Float32Array, hz: number): void {
  const c = onePole(hz);
  let y = 0;
  for (let i = 0; i < samples.length; i++) {
    y += c * ((samples[i] ?? 0) - y);
    samples[i] = y;
  }
}

/** The last 120 ms fall to silence, so that a loop of the clip does not click. */
function fadeOut(out: Float32Array, from: number, totalFrames: number): void {
  const length = 5760;
  for (let i = Math.max(0, totalFrames - length - from); i < blockFrames; i++) {
    const gain = Math.min(1, Math.max(0, (totalFrames - from - i) / length));
    out[2 * i] = (out[2 * i] ?? 0) * gain;
    out[2 * i + 1] = (out[2 * i + 1] ?? 0) * gain;
  }
}

/** Sums the buses while contacts and cues push music back (up to 6 dB) and speech pushes all the rest (up to 9 dB). */
class Ducker {
  #hits = 0;
  #speech = 0;
  readonly #attack = onePole(60);
  readonly #release = onePole(0.7);

  sum(buses: Record<Bus, { left: Float32Array; right: Float32Array }>): Float32Array {
    const out = new Float32Array(blockFrames * 2);
    const { contact, cue, voice, score, bed } = buses;
    for (let i = 0; i < blockFrames; i++) {
      const hitLeft = (contact.left[i] ?? 0) + (cue.left[i] ?? 0);
      const hitRight = (contact.right[i] ?? 0) + (cue.right[i] ?? 0);
      const voiceLeft = voice.left[i] ?? 0;
      const hit = Math.min(1, (Math.abs(hitLeft) + Math.abs(hitRight)) * 1.6);
      const speech = Math.min(1, Math.abs(voiceLeft) * 5);
      this.#hits += (hit > this.#hits ? this.#attack : this.#release) * (hit - this.#hits);
      this.#speech += (speech > this.#speech ? this.#attack : this.#release) * (speech - this.#speech);
      const underSpeech = 1 - 0.65 * this.#speech;
      const music = (1 - 0.5 * this.#hits) * underSpeech;
      const back = (1 - 0.25 * this.#hits) * underSpeech;
      out[2 * i] =
        hitLeft * (0.5 + 0.5 * underSpeech) +
        voiceLeft +
        (score.left[i] ?? 0) * music +
        (bed.left[i] ?? 0) * back;
      out[2 * i + 1] =
        hitRight * (0.5 + 0.5 * underSpeech) +
        (voice.right[i] ?? 0) +
        (score.right[i] ?? 0) * music +
        (bed.right[i] ?? 0) * back;
    }
    return out;
  }
}
