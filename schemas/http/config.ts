import { z } from 'zod';

/** `GET /api/v1/config`: what the app needs to know before anybody signs in. */
export const configSchema = z
  .object({
    environment: z.enum(['local', 'production']),
    /** One-click sign-in exists only on a developer's own machine. */
    localSignIn: z.boolean(),
    passkeys: z.literal(true),
    version: z.string(),
  })
  .meta({ id: 'Config' });
export type AppConfig = z.infer<typeof configSchema>;

export const healthSchema = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' });
