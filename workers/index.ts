/** Entry of the edge worker: HTTP, queue consumer, and the classes the runtime instantiates. */
import { createApp } from './api/app.ts';
import { handleProjections } from './projections/consumer.ts';

export { AccountObject } from '#durable-objects/account/account-object.ts';
export { CameoObject } from '#durable-objects/cameo/cameo-object.ts';
export { ClipObject } from '#durable-objects/clip/clip-object.ts';
export { ConsentLogObject } from '#durable-objects/consent/consent-log-object.ts';
export { EnrolmentObject } from '#durable-objects/enrolment/enrolment-object.ts';
export { FaceIndexObject } from '#durable-objects/face-index/face-index-object.ts';
export { FeedShardObject } from '#durable-objects/feed-shard/feed-shard-object.ts';
export { GenerationObject } from '#durable-objects/generation/generation-object.ts';
export { InboxObject } from '#durable-objects/inbox/inbox-object.ts';
export { InspectionQueueObject } from '#durable-objects/inspection-queue/inspection-queue-object.ts';
export { RegionGateObject } from '#durable-objects/region-gate/region-gate-object.ts';
export { RenderQueueObject } from '#durable-objects/render-queue/render-queue-object.ts';
export { Erase } from './workflows/erase.ts';
export { GenerateClip } from './workflows/generate-clip.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  queue: handleProjections,
} satisfies ExportedHandler<Env>;
