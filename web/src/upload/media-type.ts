/** What a chosen file says it is, in the words of the contract. Pure. The server looks at the bytes; this only names them. */
import type { UploadMediaType } from '#schemas/http/uploads.ts';
import { uploadMediaTypes } from '../api/limits.ts';

const aliases: Readonly<Record<string, UploadMediaType>> = {
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/aac': 'audio/mp4',
  'image/jpg': 'image/jpeg',
  'video/x-m4v': 'video/mp4',
};
const endings: Readonly<Record<string, UploadMediaType>> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  qt: 'video/quicktime',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
};

/** What may be chosen in a file dialog. */
export const acceptedFiles = [
  ...uploadMediaTypes,
  ...Object.keys(endings).map((ending) => `.${ending}`),
].join(',');

/** Media type of a file by what the system calls it, else by its name; null for a kind that is not taken. */
export function mediaTypeOf(file: Pick<File, 'type' | 'name'>): UploadMediaType | null {
  const named = file.type.split(';')[0]?.trim().toLowerCase() ?? '';
  const known = uploadMediaTypes.find((type) => type === named) ?? aliases[named];
  return known ?? endings[file.name.split('.').pop()?.toLowerCase() ?? ''] ?? null;
}
