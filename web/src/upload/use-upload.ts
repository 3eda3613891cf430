/** One stored upload, asked about again while it changes: soon at first, then more slowly; at once when the page is looked at again. */
import { useEffect, useState } from 'preact/hooks';
import type { Upload } from '#schemas/http/uploads.ts';
import { getUpload } from '../api/uploads.ts';
import { isSettled } from './upload-words.ts';

const [soon, slow, growth] = [1000, 10_000, 1.3];

/** @param first what is known already */
export function useUpload(first: Upload): Upload {
  const [upload, setUpload] = useState(first);
  useEffect(() => setUpload(first), [first]);
  const settled = isSettled(upload);
  useEffect(() => {
    if (settled) return;
    let timer = 0;
    let pause = soon;
    let current = true;
    const ask = async () => {
      // A look that fails is no answer: the next one comes in any case.
      const found = document.hidden ? null : await getUpload(first.id).catch(() => null);
      if (!current) return;
      if (found) setUpload(found);
      pause = Math.min(slow, pause * growth);
      timer = window.setTimeout(ask, pause);
    };
    const onVisible = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      pause = soon;
      void ask();
    };
    timer = window.setTimeout(ask, pause);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      current = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [first.id, settled]);
  return upload;
}
