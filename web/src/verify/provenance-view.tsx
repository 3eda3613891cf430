/**
 * Level 3: what the file was made from, and what that was made from, with the pictures the records carry and what was done in each step.
 * Pictures come out of the manifest store into blob: addresses that are given back when the page goes.
 */
import { useEffect, useState } from 'preact/hooks';
import { findPicture } from '#core/provenance/explain/jumbf-resource.ts';
import { actionName, relationshipName, sourceTypeName } from '#core/provenance/explain/manifest-words.ts';
import type { ProvenanceNode } from '#core/provenance/explain/provenance-tree.ts';
import { stateWords } from '#core/provenance/explain/verdict-words.ts';
import { formatTime } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';

interface ProvenanceViewProps {
  readonly root: ProvenanceNode;
  readonly store: (() => Promise<Uint8Array | null>) | null;
}

export function ProvenanceView({ root, store }: ProvenanceViewProps) {
  const [bytes, setBytes] = useState<Uint8Array | null>(null);
  useEffect(() => {
    let current = true;
    setBytes(null);
    // Without pictures the tree is still the tree.
    store?.().then(
      (found) => current && setBytes(found),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [store]);
  return (
    <ul class="provenance">
      <Step node={root} store={bytes} />
    </ul>
  );
}

function Step({ node, store }: { node: ProvenanceNode; store: Uint8Array | null }) {
  const title = node.title ?? (node.relationship === null ? 'This file' : 'A file without a name');
  return (
    <li class="provenance-node">
      <div class="provenance-step">
        <Thumbnail node={node} store={store} />
        <div class="provenance-words">
          <p>
            <strong>{node.clipId === null ? title : <a href={`/clip/${node.clipId}`}>{title}</a>}</strong>
            {node.relationship !== null && <span class="fine"> · {relationshipName(node.relationship)}</span>}
          </p>
          <p class="fine">
            {[
              node.signer && `signed by ${node.signer}`,
              node.claimGenerator && `written by ${node.claimGenerator}`,
              node.signedAt && formatTime(node.signedAt),
              node.state && stateWords(node.state),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {node.actions.length > 0 && (
            <ol class="provenance-actions">
              {node.actions.map((action, index) => (
                <li key={`${action.action}-${index}`}>
                  {actionName(action.action)}
                  {action.digitalSourceType && `: ${sourceTypeName(action.digitalSourceType)}`}
                  <span class="fine">
                    {action.softwareAgent && ` · ${action.softwareAgent}`}
                    {action.when && ` · ${formatTime(action.when)}`}
                  </span>
                </li>
              ))}
            </ol>
          )}
          {node.label !== null && <p class="fine mono wrap">{node.label}</p>}
        </div>
      </div>
      {node.children.length > 0 && (
        <ul class="provenance">
          {node.children.map((child, index) => (
            <Step key={`${child.label}-${index}`} node={child} store={store} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Thumbnail({ node, store }: { node: ProvenanceNode; store: Uint8Array | null }) {
  const [url, setUrl] = useState<string | null>(null);
  const identifier = node.thumbnail?.identifier ?? null;
  useEffect(() => {
    const picture = identifier === null || store === null ? null : findPicture(store, identifier);
    if (picture === null) return setUrl(null);
    const address = URL.createObjectURL(new Blob([picture.bytes.slice()], { type: picture.mediaType }));
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [identifier, store]);
  return url === null ? (
    <span class="provenance-picture" aria-hidden="true">
      <Icon name={node.label === null ? 'unknown' : 'watch'} />
    </span>
  ) : (
    <img class="provenance-picture" src={url} alt="" onError={() => setUrl(null)} />
  );
}
