/**
 * What a publication has to ask before it is made. Invariant: whatever says or shows more than the world could see before is asked
 * about; taking something back never is. Called by clip-object.ts and the publish route.
 */
import type { ClipRecord, TextPart } from '#durable-objects/clip/rpc.ts';
import type { ConsentKey } from '#schemas/consent.ts';
import type { PublishClip, Visibility } from '#schemas/http/clips.ts';
import type { Id } from '#schemas/ids.ts';

const reach: Readonly<Record<Visibility, number>> = { private: 0, unlisted: 1, public: 2 };

/** First publication, other words, a wider circle, or a prompt that was hidden. */
export function saysMore(record: ClipRecord, input: PublishClip): boolean {
  return (
    record.status !== 'published' ||
    (input.caption !== record.caption && input.caption !== '') ||
    reach[input.visibility] > reach[record.visibility] ||
    (input.showPrompt && !record.showPrompt)
  );
}

/** Everything that is said or shown, for the rules of the people in it. */
export function publicationTexts(record: ClipRecord, input: PublishClip): TextPart[] {
  const texts = [
    { field: 'caption', text: input.caption },
    { field: 'prompt', text: record.prompt },
  ];
  return [...texts, ...record.spoken].filter(({ text }) => text !== '');
}

const isLikeness = (key: ConsentKey): boolean => key.startsWith('cameo:') || key.startsWith('grant:');

/** Keys of the clip's own cast: asked `cast`. */
export function ownCastKeys(record: Pick<ClipRecord, 'ownKeys'>): ConsentKey[] {
  return record.ownKeys.filter(isLikeness);
}

/** Keys of people a remix inherited: asked `remix`, so that "nothing new with me" also stops a remix that was a draft by then. */
export function inheritedCastKeys(record: Pick<ClipRecord, 'keys' | 'ownKeys'>): ConsentKey[] {
  return record.keys.filter((key) => isLikeness(key) && !record.ownKeys.includes(key));
}

/** Accounts cast in this very clip, stand-ins left out. */
export function castAccounts(record: Pick<ClipRecord, 'cast'>): Id<'acc'>[] {
  return record.cast.flatMap(({ accountId }) => (accountId === null ? [] : [accountId]));
}

/** Accounts whose likeness it carries, cast or inherited; the owner only if cast. */
export function peopleIn(record: Pick<ClipRecord, 'cast' | 'coOwnerIds'>): Id<'acc'>[] {
  return [...new Set([...castAccounts(record), ...record.coOwnerIds])];
}

/** Accounts whose likeness came with the clip it remixes, its owner left out. */
export function inheritedPeople(record: Pick<ClipRecord, 'cast' | 'coOwnerIds'>): Id<'acc'>[] {
  const cast = castAccounts(record);
  return record.coOwnerIds.filter((account) => !cast.includes(account));
}
