/** Health of the render nodes: what waits, what runs, how long it takes. Refreshed every three seconds while the page is seen. */
import { useEffect, useState } from 'preact/hooks';
import type { RenderStatus } from '#schemas/http/generations.ts';
import { type ApiError, asApiError } from '../api/client.ts';
import { getRenderStatus } from '../api/generations.ts';
import { useTitle } from '../state/page.ts';
import { formatAgo } from '../ui/format.ts';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import '../styles/status.css';

const refreshMs = 3000;

export default function StatusPage() {
  useTitle('Render nodes');
  const { status, error, refresh } = useRenderStatus();
  return (
    <div class="page status">
      <header class="page-head">
        <h1>Render nodes</h1>
        <p class="lead">{status ? headline(status) : 'Where clips are drawn.'}</p>
      </header>
      {!status && !error && <Loading label="Asking the render queue" />}
      {error && <ErrorNote error={error} onRetry={refresh} />}
      {status && (
        <>
          <dl class="figures">
            <Figure label="Waiting" value={status.queued} />
            <Figure label="Running" value={status.running} />
            <Figure
              label="Median render"
              value={status.medianRenderSeconds === null ? '–' : `${status.medianRenderSeconds.toFixed(1)} s`}
            />
            <Figure label="Finished, last hour" value={status.finishedLastHour} />
            <Figure
              label="Failed, last hour"
              value={status.failedLastHour}
              warn={status.failedLastHour > 0}
            />
            <Figure label="Dead letters" value={status.deadLetters} warn={status.deadLetters > 0} />
          </dl>
          <h2 class="minor">Nodes</h2>
          {status.nodes.length === 0 ? (
            <EmptyState title="No node has connected yet">
              Start one with <code>npm start</code>, or attach a machine of your own: the README says how.
            </EmptyState>
          ) : (
            <ul class="node-list">
              {status.nodes.map((node) => (
                <li key={node.id} class={node.online ? 'node node-online' : 'node'}>
                  <p class="node-head">
                    <span class="node-lamp" aria-hidden="true" />
                    <strong class="mono wrap">{node.id}</strong>
                    <span class="chip">{node.online ? 'online' : 'offline'}</span>
                  </p>
                  <p class="fine">
                    {node.software || 'unknown software'} ·{' '}
                    {node.engines.map((engine) => `${engine.name} ${engine.version}`).join(', ') ||
                      'no engine'}
                  </p>
                  <p class="fine">
                    {node.runningJobs === 0
                      ? 'Idle'
                      : node.runningJobs === 1
                        ? 'Drawing 1 clip'
                        : `Drawing ${node.runningJobs} clips`}{' '}
                    · seen <time dateTime={node.lastSeenAt}>{formatAgo(node.lastSeenAt, Date.now())}</time>
                  </p>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function useRenderStatus() {
  const [status, setStatus] = useState<RenderStatus | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      if (!document.hidden) {
        try {
          const next = await getRenderStatus();
          if (!current) return;
          setStatus(next);
          setError(null);
        } catch (failure) {
          if (!current) return;
          setError(asApiError(failure));
        }
      }
      if (current) timer = setTimeout(load, refreshMs);
    };
    void load();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [turn]);
  return { status, error, refresh: () => setTurn((value) => value + 1) };
}

function headline(status: RenderStatus): string {
  const online = status.nodes.filter((node) => node.online).length;
  if (online === 0) return 'No node is connected. New clips wait until one is.';
  const nodes = online === 1 ? 'One node is connected' : `${online} nodes are connected`;
  if (status.queued === 0) return `${nodes}, nothing waits.`;
  return `${nodes}, ${status.queued === 1 ? 'one clip waits' : `${status.queued} clips wait`}.`;
}

function Figure({ label, value, warn = false }: { label: string; value: number | string; warn?: boolean }) {
  return (
    <div class={warn ? 'figure figure-warn' : 'figure'}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
