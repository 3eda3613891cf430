/** Every route of the edge, by area. */
import type { createRouter } from '../openapi.ts';
import { registerAccountRoutes } from './accounts/index.ts';
import { registerAuthRoutes } from './auth/index.ts';
import { registerCameoRoutes } from './cameo/index.ts';
import { registerClipRoutes } from './clips/index.ts';
import { registerDocsRoutes } from './docs/index.ts';
import { registerFeedRoutes } from './feed/index.ts';
import { registerGenerationRoutes } from './generations/index.ts';
import { registerInboxRoutes } from './inbox/index.ts';
import { registerMediaRoutes } from './media/index.ts';
import { registerModerationRoutes } from './moderation/index.ts';
import { registerModerationBankRoutes } from './moderation-bank/index.ts';
import { registerPageRoutes } from './pages/clip-page.ts';
import { registerRenderRoutes } from './render/index.ts';
import { registerRevocationRoutes } from './revocations/index.ts';
import { registerSearchRoutes } from './search/index.ts';
import { registerSocialRoutes } from './social/index.ts';
import { registerSoftBindingRoutes } from './soft-binding/index.ts';
import { registerTrustRoutes } from './trust/index.ts';
import { registerUploadRoutes } from './uploads/index.ts';
import { registerVerifyRoutes } from './verify/index.ts';

export type Api = ReturnType<typeof createRouter>;

export function registerRoutes(app: Api): void {
  registerAuthRoutes(app);
  registerAccountRoutes(app);
  registerGenerationRoutes(app);
  registerClipRoutes(app);
  registerCameoRoutes(app);
  registerSocialRoutes(app);
  registerInboxRoutes(app);
  registerModerationRoutes(app);
  registerModerationBankRoutes(app);
  registerFeedRoutes(app);
  registerSearchRoutes(app);
  registerTrustRoutes(app);
  registerMediaRoutes(app);
  registerRevocationRoutes(app);
  registerUploadRoutes(app);
  registerVerifyRoutes(app);
  registerSoftBindingRoutes(app);
  registerRenderRoutes(app);
  registerDocsRoutes(app);
  registerPageRoutes(app);
}
