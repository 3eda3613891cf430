import { demoPortrait, demoVoice } from '#durable-objects/cameo/core/demo-portrait.ts';
import { cameoSchema, localCameoSchema } from '#schemas/http/cameo.ts';
import { presentCameo } from '../../cameo-view.ts';
import { requireViewer } from '../../middleware/session.ts';
import { body, createRoute, createRouter, json, refusals } from '../../openapi.ts';
import { RefusalError, unwrap } from '../../respond.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/local/cameo',
  operationId: 'enrolLocally',
  summary: 'A likeness without a camera, on your own machine',
  description:
    'Exists only where ENVIRONMENT is `local`; anywhere else it answers `not_found`. Enrols the account with a drawn portrait, always the same for a handle, and says so: `verification` is `demo`. One that a camera has verified is left as it is.',
  tags: ['Cameos'],
  request: { body: body(localCameoSchema) },
  responses: {
    200: json(cameoSchema, 'Enrolled.'),
    ...refusals('unauthenticated', 'not_found', 'conflict'),
  },
});

const router = createRouter();

// Before validation: outside the local environment nothing here answers, not even with what is wrong about a body.
router.use(route.path, async (c, next) => {
  if (c.get('config').environment !== 'local') throw new RefusalError('not_found');
  await next();
});

export const enrolLocally = router.openapi(route, async (c) => {
  const { accountId, handle } = requireViewer(c);
  const cameo = c.env.CAMEO.getByName(accountId);
  const { level } = c.req.valid('json');
  const enrolled = await cameo.enrol({
    accountId,
    enrolmentId: null,
    verification: 'demo',
    portrait: demoPortrait(handle),
    voice: demoVoice(handle),
  });
  const record = unwrap(level === undefined || !enrolled.ok ? enrolled : await cameo.update({ level }));
  return c.json(await presentCameo(c.env, record), 200);
});
