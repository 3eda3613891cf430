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
import { registerPageRoutes } from './pages/clip-page.ts';
import { registerRenderRoutes } from './render/index.ts';
import { registerRevocationRoutes } from './revocations/index.ts';
import { registerSearchRoutes } from './search/index.ts';
import { registerSocialRoutes } from './social/index.ts';

export type Api = ReturnType<typeof createRouter>;

export function registerRoutes(app: Api): void {
  registerAuthRoutes(app);
  registerAccountRoutes(app);
  registerGenerationRoutes(app);
  registerClipRoutes(app);
  registerCameoRoutes(app);
  registerSocialRoutes(app);
  registerInboxRoutes(app);
  registerFeedRoutes(app);
  registerSearchRoutes(app);
  registerMediaRoutes(app);
  registerRevocationRoutes(app);
  registerRenderRoutes(app);
  registerDocsRoutes(app);
  registerPageRoutes(app);
}
