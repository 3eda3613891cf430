/** A draft opened from the list of drafts. */

import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { getClip } from '../api/clips.ts';
import { navigate, useTitle } from '../state/page.ts';
import { useLoad } from '../state/use-load.ts';
import { EmptyState, ErrorNote, Loading } from '../ui/states.tsx';
import { DraftStudio } from './draft-studio.tsx';

export default function PublishPage() {
  const { params } = useRoute();
  const id = params.id ?? '';
  const { data, error, reload } = useLoad(`clip ${id}`, () => getClip(id));
  useTitle('Publish');
  useEffect(() => {
    if (data && data.status !== 'draft') navigate(`/clip/${data.id}`, true);
  }, [data]);
  if (error) {
    return (
      <div class="page">
        {error.status === 404 || error.status === 410 ? (
          <EmptyState
            whole
            title="This draft is gone"
            action={
              <a class="button" href="/drafts">
                Your drafts
              </a>
            }
          />
        ) : (
          <ErrorNote error={error} onRetry={reload} />
        )}
      </div>
    );
  }
  return data ? <DraftStudio clip={data} /> : <Loading />;
}
