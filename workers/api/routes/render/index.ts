/** The render protocol (schemas/render.ts) and what people see of it. */
import type { Api } from '../index.ts';
import { confirmErasures } from './erasures.ts';
import { heartbeat } from './heartbeat.ts';
import { putPortrait, putPoster } from './inspection-pictures.ts';
import { completeInspection, failInspection, inspectionMedia, leaseInspection } from './inspections.ts';
import { lease } from './lease.ts';
import { output } from './output.ts';
import { renderPortrait } from './portraits.ts';
import { complete, failJob } from './settle.ts';
import { engines, status } from './status.ts';

export function registerRenderRoutes(app: Api): void {
  for (const router of [
    lease,
    heartbeat,
    output,
    renderPortrait,
    complete,
    failJob,
    leaseInspection,
    inspectionMedia,
    putPortrait,
    putPoster,
    completeInspection,
    failInspection,
    confirmErasures,
    status,
    engines,
  ])
    app.route('/', router);
}
