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
export { FingerprintIndexObject } from '#durable-objects/fingerprint-index/fingerprint-index-object.ts';
export { GenerationObject } from '#durable-objects/generation/generation-object.ts';
export { HashBankObject } from '#durable-objects/hash-bank/hash-bank-object.ts';
export { InboxObject } from '#durable-objects/inbox/inbox-object.ts';
export { InspectionQueueObject } from '#durable-objects/inspection-queue/inspection-queue-object.ts';
export { ModerationCaseObject } from '#durable-objects/moderation-case/moderation-case-object.ts';
export { ModerationQueueObject } from '#durable-objects/moderation-queue/moderation-queue-object.ts';
export { RegionGateObject } from '#durable-objects/region-gate/region-gate-object.ts';
export { RenderQueueObject } from '#durable-objects/render-queue/render-queue-object.ts';
export { UploadObject } from '#durable-objects/upload/upload-object.ts';
export { Erase } from './workflows/erase.ts';
export { GenerateClip } from './workflows/generate-clip.ts';
export { IngestClip } from './workflows/ingest-clip.ts';

const app = createApp();

export default {
  fetch: app.fetch,
  queue: handleProjections,
} satisfies ExportedHandler<Env>;
