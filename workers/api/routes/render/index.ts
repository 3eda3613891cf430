/** The render protocol (schemas/render.ts) and what people see of it. */
import type { Api } from '../index.ts';
import { confirmErasures } from './erasures.ts';
import { heartbeat } from './heartbeat.ts';
import {
  completeInspection,
  failInspection,
  inspectionMedia,
  leaseInspection,
  putPortrait,
} from './inspections.ts';
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
    completeInspection,
    failInspection,
    confirmErasures,
    status,
    engines,
  ])
    app.route('/', router);
}
