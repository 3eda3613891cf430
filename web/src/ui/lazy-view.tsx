/** A component whose code arrives when it is first drawn; a failed download can be tried again in place. */
import { type ComponentType, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/client.ts';
import { ErrorNote, Loading } from './states.tsx';

/** Wraps `load`, keeping what it loaded for the next time. */
export function lazyView<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function LazyView(props: P) {
    const [view, setView] = useState<ComponentType<P> | null>(() => loaded);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (view || failed) return;
      let current = true;
      load().then(
        (component) => {
          loaded = component;
          if (current) setView(() => component);
        },
        () => current && setFailed(true),
      );
      return () => {
        current = false;
      };
    }, [view, failed]);
    if (failed) return <ErrorNote error={loadError} onRetry={() => setFailed(false)} />;
    return view ? h(view, props) : <Loading />;
  };
}

const loadError = new ApiError({
  code: 'network',
  message: 'This part of the page could not be loaded.',
  status: 0,
});
