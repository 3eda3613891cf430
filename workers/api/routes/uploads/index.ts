/** Uploads: parts, the check, what became of them. */
import type { Api } from '../index.ts';
import { completeUpload } from './complete.ts';
import { createUpload } from './create.ts';
import { deleteUpload } from './delete.ts';
import { putUploadPart } from './put-part.ts';
import { listUploads, readUpload } from './read.ts';

export function registerUploadRoutes(app: Api): void {
  for (const router of [createUpload, listUploads, readUpload, putUploadPart, completeUpload, deleteUpload])
    app.route('/', router);
}
