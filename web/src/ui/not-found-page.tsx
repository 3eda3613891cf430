import { useTitle } from '../state/page.ts';
import { EmptyState } from './states.tsx';

/** 404. */
export default function NotFoundPage() {
  useTitle('Not found');
  return (
    <div class="page">
      <EmptyState
        whole
        title="This leaf is missing"
        action={
          <a class="button button-primary" href="/">
            Back to the feed
          </a>
        }
      >
        There is no page at this address. It may have been moved, or the link is mistyped.
      </EmptyState>
    </div>
  );
}
