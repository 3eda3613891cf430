/** Follows a generation from a component: see api/generation-live.ts for the rules. */
import { useEffect, useState } from 'preact/hooks';
import type { Generation } from '#schemas/http/generations.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { followGeneration, type LiveDeps } from '../api/generation-live.ts';
import { getGeneration } from '../api/generations.ts';

const browserDeps: LiveDeps = {
  fetchGeneration: (id) => getGeneration(id),
  openSocket: (id, handlers) => {
    const url = new URL(`/api/v1/generations/${id}/live`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => handlers.onOpen());
    socket.addEventListener('message', (event) => handlers.onMessage(event.data));
    socket.addEventListener('close', () => handlers.onClose());
    return () => socket.close();
  },
  delay: (task, milliseconds) => {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** The newest known record, and the last fault while reading it (cleared by the next success). */
export function useGeneration(id: string): { generation: Generation | null; error: ApiError | null } {
  const [state, setState] = useState<{ generation: Generation | null; error: ApiError | null }>({
    generation: null,
    error: null,
  });
  useEffect(() => {
    setState({ generation: null, error: null });
    return followGeneration(
      id,
      {
        onChange: (generation) => setState({ generation, error: null }),
        onError: (error) => setState((old) => ({ ...old, error: asApiError(error) })),
      },
      browserDeps,
    );
  }, [id]);
  return state;
}
