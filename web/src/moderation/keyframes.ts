/**
 * Stills of a film, drawn in this browser a little at a time. Nothing is kept: the pictures are object addresses that end with the signal.
 * Called by film.tsx.
 */

export interface Keyframe {
  readonly seconds: number;
  /** Object URL of a JPEG, 160 pixels wide. */
  readonly url: string;
}

const width = 160;

/**
 * @param count frames spread over the film, in the middle of equal parts
 * @throws an AbortError when the signal fires, an Error when the film cannot be decoded here
 */
export async function drawKeyframes(source: string, count: number, signal: AbortSignal): Promise<Keyframe[]> {
  const film = document.createElement('video');
  film.muted = true;
  film.preload = 'auto';
  film.src = source;
  const frames: Keyframe[] = [];
  const release = () => {
    film.removeAttribute('src');
    film.load();
    for (const { url } of frames) URL.revokeObjectURL(url);
  };
  signal.addEventListener('abort', release, { once: true });
  await once(film, 'loadeddata', signal);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = Math.round((width * film.videoHeight) / Math.max(1, film.videoWidth));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser gave no canvas');
  for (let index = 0; index < count; index += 1) {
    const seconds = (film.duration * (index + 0.5)) / count;
    const sought = once(film, 'seeked', signal);
    film.currentTime = seconds;
    await sought;
    context.drawImage(film, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.7));
    signal.throwIfAborted();
    if (picture) frames.push({ seconds, url: URL.createObjectURL(picture) });
  }
  film.removeAttribute('src');
  film.load();
  return frames;
}

function once(film: HTMLVideoElement, event: 'loadeddata' | 'seeked', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = new AbortController();
    const options = { once: true, signal: end.signal };
    const finish = (settle: () => void) => {
      end.abort();
      settle();
    };
    film.addEventListener(event, () => finish(resolve), options);
    film.addEventListener(
      'error',
      () => finish(() => reject(new Error('the film cannot be decoded'))),
      options,
    );
    signal.addEventListener('abort', () => finish(() => reject(signal.reason)), options);
  });
}
