/**
 * The raw record to take away: the report as JSON always; crJSON where this browser read the file, or reads it now on request. Nothing is sent for it.
 */
import { useEffect, useState } from 'preact/hooks';
import { asApiError } from '../api/client.ts';
import { toast } from '../state/overlay.ts';
import { Icon } from '../ui/icons.tsx';
import { checkInBrowser, readerMegabytes } from './local-check.ts';
import type { Outcome } from './outcome.ts';

export function RawRecord({ outcome }: { outcome: Outcome }) {
  const [crJson, setCrJson] = useState<unknown>(outcome.crJson);
  const [busy, setBusy] = useState(false);
  useEffect(() => setCrJson(outcome.crJson), [outcome]);
  const { file, verification } = outcome;
  const read = async () => {
    if (!file) return;
    setBusy(true);
    try {
      const own = await checkInBrowser(file, () => {}, new AbortController().signal);
      setCrJson(own.crJson);
      if (own.crJson === null) toast('There is no record in this file that could be read.');
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <p class="credential-links">
      <SaveLink
        name={`${outcome.name}.verification.json`}
        value={verification}
        label="Save this result (JSON)"
      />
      {crJson !== null && (
        <SaveLink name={`${outcome.name}.crjson.json`} value={crJson} label="Save the raw record (crJSON)" />
      )}
      {crJson === null && file !== null && verification.layers.manifest.manifest !== null && (
        <button type="button" class="button button-small" disabled={busy} onClick={() => void read()}>
          {busy ? 'Reading…' : `Read the raw record here (loads ${readerMegabytes} MB once)`}
        </button>
      )}
    </p>
  );
}

function SaveLink({ name, value, label }: { name: string; value: unknown; label: string }) {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const address = URL.createObjectURL(
      new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }),
    );
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [value]);
  return (
    <a href={url} download={name}>
      <Icon name="download" /> {label}
    </a>
  );
}
