/**
 * Captions as a WebVTT file. Text is data: it cannot open a tag, end a cue or start another. Called by finish.ts.
 * @see https://www.w3.org/TR/webvtt1/
 */
import { outputFiles } from '#schemas/render.ts';

/** The file's text; undefined when no caption falls inside the clip. Times are seconds. */
export function toWebVtt(
  captions: readonly { readonly start: number; readonly end: number; readonly text: string }[],
  durationSeconds: number,
): string | undefined {
  let file = 'WEBVTT\n';
  let cues = 0;
  for (const caption of [...captions].sort((a, b) => a.start - b.start)) {
    const start = Math.max(0, caption.start);
    const end = Math.min(durationSeconds, caption.end);
    const text = caption.text
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;');
    if (text === '' || !(end - start > 0.001)) continue;
    const cue = `\n${timestamp(start)} --> ${timestamp(end)}\n${text}\n`;
    if (Buffer.byteLength(file) + Buffer.byteLength(cue) > outputFiles['captions.vtt'].maxBytes) break;
    file += cue;
    cues++;
  }
  return cues === 0 ? undefined : file;
}

function timestamp(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const part = (value: number, digits: number): string => String(Math.floor(value)).padStart(digits, '0');
  return `${part(ms / 3_600_000, 2)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1000) % 60, 2)}.${part(ms % 1000, 3)}`;
}
