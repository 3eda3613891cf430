import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { handleSchema, isoTimeSchema } from './common.ts';

export const tiers = ['free', 'plus', 'pro'] as const;
export const tierSchema = z.enum(tiers);
export type Tier = z.infer<typeof tierSchema>;

export const roles = ['moderator', 'operator'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const accountSchema = z
  .object({
    id: idSchema('acc'),
    handle: z.string(),
    displayName: z.string(),
    /** Invented account of the first start, not a person. */
    demo: z.boolean(),
    createdAt: isoTimeSchema,
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof accountSchema>;

export const creditsSchema = z
  .object({
    /** Credits the tier gives per UTC day. */
    allowance: z.number().int(),
    used: z.number().int(),
    /** Held for clips that are being made; returned unless the clip is delivered. */
    held: z.number().int(),
    available: z.number().int(),
    resetsAt: isoTimeSchema,
  })
  .meta({ id: 'Credits' });
export type Credits = z.infer<typeof creditsSchema>;

export const meSchema = z
  .object({
    account: accountSchema,
    tier: tierSchema,
    roles: z.array(roleSchema),
    credits: creditsSchema,
    passkeys: z.number().int(),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof meSchema>;

export const profileSchema = accountSchema
  .extend({
    followers: z.number().int(),
    following: z.number().int(),
    clips: z.number().int(),
    /** Null when signed out or looking at oneself. */
    followedByMe: z.boolean().nullable(),
  })
  .meta({ id: 'Profile' });
export type Profile = z.infer<typeof profileSchema>;

export const localSignInSchema = z.object({
  handle: handleSchema,
  displayName: z.string().trim().min(1).max(60).optional(),
  roles: z.array(roleSchema).max(roles.length).optional(),
  tier: tierSchema.optional(),
  demo: z.boolean().optional(),
});

export const sessionSchema = z
  .object({
    account: accountSchema,
    /** For `Authorization: Bearer`; the same session is in the cookie. */
    token: z.string(),
    expiresAt: isoTimeSchema,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;
