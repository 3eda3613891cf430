/** Uploads (K-51): resumable parts, one verdict, and then a draft, a place at the desk, or a refusal. */
import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { verificationSchema } from '../verdict.ts';
import { isoTimeSchema } from './common.ts';

/** What may be uploaded; the bytes decide, not the name. */
export const uploadMediaTypes = [
  'video/mp4',
  'video/quicktime',
  'image/jpeg',
  'image/png',
  'image/webp',
  'audio/wav',
  'audio/mp4',
] as const;
export const uploadMediaTypeSchema = z.enum(uploadMediaTypes);
export type UploadMediaType = z.infer<typeof uploadMediaTypeSchema>;

/** Every part but the last has exactly this size, bytes (R2 wants at least 5 MiB, all alike). */
export const uploadPartSize = 8 * 1024 * 1024;
/** Bytes per file, by tier. */
export const uploadLimits = { free: 256 * 1024 ** 2, plus: 1024 ** 3, pro: 4 * 1024 ** 3 } as const;

/** Files an account may begin to send in 24 hours, and how many of them may be under way, by tier. */
export const dailyUploads = { free: 20, plus: 100, pro: 500 } as const;
export const openUploads = { free: 3, plus: 10, pro: 20 } as const;

export const createUploadSchema = z
  .strictObject({
    fileName: z.string().trim().min(1).max(200),
    size: z.number().int().positive(),
    mediaType: uploadMediaTypeSchema,
  })
  .meta({ id: 'CreateUpload' });
export type CreateUpload = z.infer<typeof createUploadSchema>;

/**
 * `receiving` parts come · `checking` the workflow runs · `ready` it became a draft (`clipId`) · `review` a moderator decides ·
 * `refused` with a reason · `failed` it could not be checked · `expired` the client vanished.
 */
export const uploadStatuses = [
  'receiving',
  'checking',
  'ready',
  'review',
  'refused',
  'failed',
  'expired',
] as const;
export const uploadStatusSchema = z.enum(uploadStatuses);
export type UploadStatus = z.infer<typeof uploadStatusSchema>;

export const uploadSchema = z
  .object({
    id: idSchema('upl'),
    status: uploadStatusSchema,
    fileName: z.string(),
    size: z.number().int(),
    mediaType: uploadMediaTypeSchema,
    partSize: z.number().int(),
    /** Numbers (from 1) of parts that are stored: what a client that comes back need not send again. */
    parts: z.array(z.number().int().positive()),
    /** What the check is at: `bytes`, `credentials`, `mark`, `verdict`. */
    stage: z.enum(['bytes', 'credentials', 'mark', 'verdict']).nullable(),
    verification: verificationSchema.nullable(),
    clipId: idSchema('clip').nullable(),
    /** Why it was refused or failed, in a sentence. */
    reason: z.string().nullable(),
    createdAt: isoTimeSchema,
    /** Until when parts are taken. */
    expiresAt: isoTimeSchema,
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof uploadSchema>;

export const storedPartSchema = z
  .object({ part: z.number().int().positive(), size: z.number().int(), sha256: z.string() })
  .meta({ id: 'StoredPart' });
