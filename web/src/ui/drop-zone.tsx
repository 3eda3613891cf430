/**
 * Where files come in: dropped anywhere on the page, pasted, or chosen. Invariant: a file dropped beside the zone never makes the browser leave
 * the page. Called by the verify and upload pages.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface DropZoneProps {
  /** What the button says. */
  readonly label: string;
  readonly accept: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: File[]) => void;
  /** Text that was pasted or dropped and is a link. */
  readonly onLink?: (url: string) => void;
  readonly children?: ComponentChildren;
}

export function DropZone({ label, accept, multiple = false, onFiles, onLink, children }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const latest = useRef({ onFiles, onLink });
  latest.current = { onFiles, onLink };

  useEffect(() => {
    const take = (data: DataTransfer | null): boolean => {
      const files = Array.from(data?.files ?? []);
      if (files.length > 0) {
        latest.current.onFiles(multiple ? files : files.slice(0, 1));
        return true;
      }
      const text = data?.getData('text/plain').trim() ?? '';
      if (!latest.current.onLink || !/^https?:\/\/\S+$/i.test(text)) return false;
      latest.current.onLink(text);
      return true;
    };
    const onDragOver = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      // Left the window, not one element for another.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if ((!typing || (event.clipboardData?.files.length ?? 0) > 0) && take(event.clipboardData))
        event.preventDefault();
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
      document.removeEventListener('paste', onPaste);
    };
  }, [multiple]);

  return (
    <div class={over ? 'drop-zone drop-zone-over' : 'drop-zone'}>
      <Icon name="upload" />
      <p class="drop-words">
        {over ? 'Let go to take it' : multiple ? 'Drop files here' : 'Drop a file here'}
      </p>
      <button type="button" class="button button-primary" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        aria-label={label}
        onChange={(event) => {
          const files = Array.from(event.currentTarget.files ?? []);
          // The same file again is a choice, too.
          event.currentTarget.value = '';
          if (files.length > 0) latest.current.onFiles(files);
        }}
      />
      {children}
    </div>
  );
}
