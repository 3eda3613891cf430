/**
 * `/upload` (K-51): films from elsewhere. They go up in parts that survive a lost connection and a reload, are checked as they arrive, and become a
 * draft, a moderator's case, or a refusal that says what to do.
 */
import { useCallback, useState } from 'preact/hooks';
import type { Me } from '#schemas/http/accounts.ts';
import type { Upload } from '#schemas/http/uploads.ts';
import { fileNameLimit, uploadLimits } from '../api/limits.ts';
import { listUploads } from '../api/uploads.ts';
import { SignedIn } from '../auth/signed-in.tsx';
import { toast } from '../state/overlay.ts';
import { useTitle } from '../state/page.ts';
import { usePages } from '../state/use-load.ts';
import { DropZone } from '../ui/drop-zone.tsx';
import { formatBytes } from '../ui/format.ts';
import { ErrorNote, Loading } from '../ui/states.tsx';
import { acceptedFiles, mediaTypeOf } from './media-type.ts';
import { SendingRow } from './sending-row.tsx';
import { send, sendings } from './sendings.ts';
import { UploadRow } from './upload-row.tsx';
import '../styles/about.css';
import '../styles/verify.css';

export default function UploadPage() {
  useTitle('Upload');
  return (
    <SignedIn
      title="Upload a clip"
      purpose="upload a clip"
      why="An upload belongs to an account. To find out where a file comes from you need none: that is what the check page is for."
    >
      {(me) => <Uploads key={me.account.id} me={me} />}
    </SignedIn>
  );
}

function Uploads({ me }: { me: Me }) {
  const [turn, setTurn] = useState(0);
  const uploads = usePages<Upload>(`my uploads ${turn}`, listUploads);
  const reload = useCallback(() => setTurn((value) => value + 1), []);
  const limit = uploadLimits[me.tier];
  const take = (files: File[]) => {
    for (const file of files) {
      const mediaType = mediaTypeOf(file);
      if (mediaType === null) toast(`${file.name} is of a kind that is not taken here.`, { tone: 'bad' });
      else if (file.size === 0) toast(`${file.name} is empty.`, { tone: 'bad' });
      else if (file.size > limit)
        toast(`${file.name} has ${formatBytes(file.size)}; you may upload ${formatBytes(limit)} per file.`, {
          tone: 'bad',
        });
      else if (file.name.length > fileNameLimit) toast('That file name is too long.', { tone: 'bad' });
      else send(file, mediaType, me.account.id);
    }
  };
  // What this tab is sending has its own row.
  const here = new Set(sendings.value.map(({ state }) => state.value.upload?.id));
  const stored = uploads.items.filter(({ id }) => !here.has(id));
  return (
    <div class="page">
      <header class="page-head">
        <h1>Upload a clip</h1>
        <p class="lead">
          Up to a minute, MP4 with H.264, 720 × 1280 or 1280 × 720. Its credentials are read and kept; who
          made it stays on record.
        </p>
      </header>
      <DropZone label="Choose files" accept={acceptedFiles} multiple onFiles={take}>
        <p class="fine">
          Up to {formatBytes(limit)} each. Nothing is public until you publish it. Pictures and sounds are
          checked, too, but only films become clips.
        </p>
      </DropZone>
      <ul class="upload-list">
        {sendings.value.map((uploader) => (
          <SendingRow key={uploader.file.name + uploader.file.size} uploader={uploader} onSent={reload} />
        ))}
        {stored.map((upload) => (
          <UploadRow key={upload.id} first={upload} onGone={reload} />
        ))}
      </ul>
      {uploads.loading && uploads.items.length === 0 && <Loading label="Loading your uploads" />}
      {uploads.error && <ErrorNote error={uploads.error} onRetry={reload} />}
      {uploads.hasMore && !uploads.loading && (
        <button type="button" class="button" onClick={uploads.more}>
          Older uploads
        </button>
      )}
    </div>
  );
}
