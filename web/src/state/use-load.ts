/** Loads something for a page and keeps the four states every page designs for: loading, ready, failed, again. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Page } from '#schemas/http/common.ts';
import { type ApiError, asApiError } from '../api/client.ts';

export interface Loaded<T> {
  readonly data: T | null;
  readonly error: ApiError | null;
  readonly loading: boolean;
  reload(): void;
  set(data: T): void;
}

/** Runs `load` whenever `key` changes. An answer for an older key is dropped. */
export function useLoad<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{
    key: string;
    data: T | null;
    error: ApiError | null;
    loading: boolean;
  }>({
    key,
    data: null,
    error: null,
    loading: true,
  });
  const [turn, setTurn] = useState(0);
  // Runs for a new key only: `load` is a fresh closure at every render.
  useEffect(() => {
    let current = true;
    setState((old) => ({ key, data: old.key === key ? old.data : null, error: null, loading: true }));
    load().then(
      (data) => current && setState({ key, data, error: null, loading: false }),
      (error) =>
        current && setState((old) => ({ key, data: old.data, error: asApiError(error), loading: false })),
    );
    return () => {
      current = false;
    };
  }, [key, turn]);
  const reload = useCallback(() => setTurn((value) => value + 1), []);
  const set = useCallback((data: T) => setState((old) => ({ ...old, data })), []);
  const fresh = state.key === key;
  return {
    data: fresh ? state.data : null,
    error: fresh ? state.error : null,
    loading: fresh ? state.loading : true,
    reload,
    set,
  };
}

export interface Pages<T> {
  readonly items: readonly T[];
  readonly error: ApiError | null;
  readonly loading: boolean;
  readonly hasMore: boolean;
  more(): void;
  setItems(change: (items: readonly T[]) => readonly T[]): void;
}

/** Pages behind one growing list. */
export function usePages<T>(key: string, load: (cursor: string | null) => Promise<Page<T>>): Pages<T> {
  const [items, setItems] = useState<readonly T[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [wanted, setWanted] = useState({ key, cursor: null as string | null, turn: 0 });
  const [status, setStatus] = useState<{ loading: boolean; error: ApiError | null }>({
    loading: true,
    error: null,
  });
  if (wanted.key !== key) setWanted({ key, cursor: null, turn: 0 });
  // Runs for a new key only: `load` is a fresh closure at every render.
  useEffect(() => {
    let current = true;
    setStatus({ loading: true, error: null });
    if (!wanted.cursor) setItems([]);
    load(wanted.cursor).then(
      (page) => {
        if (!current) return;
        setItems((old) => (wanted.cursor ? [...old, ...page.items] : page.items));
        setCursor(page.nextCursor);
        setStatus({ loading: false, error: null });
      },
      (error) => current && setStatus({ loading: false, error: asApiError(error) }),
    );
    return () => {
      current = false;
    };
  }, [wanted]);
  return {
    items,
    error: status.error,
    loading: status.loading,
    hasMore: cursor !== null,
    more: () => setWanted((old) => ({ key, cursor: status.error ? old.cursor : cursor, turn: old.turn + 1 })),
    setItems: (change) => setItems(change),
  };
}
