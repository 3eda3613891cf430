/** The render protocol (schemas/render.ts) and what people see of it. */
import type { Api } from '../index.ts';
import { heartbeat } from './heartbeat.ts';
import { lease } from './lease.ts';
import { output } from './output.ts';
import { complete, failJob } from './settle.ts';
import { engines, status } from './status.ts';

export function registerRenderRoutes(app: Api): void {
  for (const router of [lease, heartbeat, output, complete, failJob, status, engines]) app.route('/', router);
}
