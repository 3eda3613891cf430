/** The sound the edge takes out of a real recording still decodes to what was recorded. */
import { registerMediabunnyServer } from '@mediabunny/server';
import { ALL_FORMATS, AudioSampleSink, BufferSource, Input } from 'mediabunny';
import { expect, test } from 'vitest';
import { audioTrack } from '#workers/speech/audio-track.ts';
import { makeMp4 } from '../support/make-mp4.ts';

test('a tone recorded as AAC comes out of the ADTS stream as that tone, and the picture is gone', async () => {
  const recording = await makeMp4({ seconds: 3 });
  const audio = await audioTrack(async (start, end) => recording.slice(start, end), recording.length);
  expect(audio.length).toBeLessThan(recording.length);
  registerMediabunnyServer();
  using input = new Input({ formats: ALL_FORMATS, source: new BufferSource(audio) });
  const track = await input.getPrimaryAudioTrack();
  if (track === null) throw new Error('no sound');
  expect(await input.getPrimaryVideoTrack()).toBeNull();
  let samples = 0;
  let crossings = 0;
  let before = 0;
  for await (const sample of new AudioSampleSink(track).samples()) {
    const values = new Float32Array(sample.numberOfFrames);
    sample.copyTo(values, { format: 'f32', planeIndex: 0 });
    for (const value of values) {
      // The two seconds in the middle: an encoder adds to both ends.
      const counted = samples >= 24_000 && samples < 120_000;
      if (counted && before <= 0 && value > 0) crossings += 1;
      before = value;
      samples += 1;
    }
    sample.close();
  }
  const seconds = samples / 48_000;
  expect(Math.abs(seconds - 3)).toBeLessThan(0.2);
  expect(Math.abs(crossings / 2 - 440)).toBeLessThan(2);
});
