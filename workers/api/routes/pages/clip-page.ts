/**
 * The page of a clip as link previews read it (K-55): the app's own page with the clip's title, poster and AI label in its head.
 * Invariant: nothing about a clip enters the page unless anybody may see it and consent allows it to be served and listed; a stopped clip
 * answers 410 with the bare page, which tells people why. Called for `/clip/:id`.
 */
import type { Context } from 'hono';
import { askGate } from '#durable-objects/consent/gate.ts';
import { parseFrameSize, uploadEngine } from '#schemas/engine.ts';
import { type Id, idSchema } from '#schemas/ids.ts';
import { accountById } from '../../../store/accounts-store.ts';
import { canSee } from '../../../store/core/visibility.ts';
import { database } from '../../../store/database.ts';
import { originOf } from '../../config.ts';
import type { ApiEnv } from '../../context.ts';
import { regionOf } from '../../region.ts';
import type { Api } from '../index.ts';

interface Preview {
  readonly title: string;
  readonly description: string;
  readonly tags: readonly (readonly [property: string, content: string])[];
}

const labels = {
  made: 'AI-generated video with Content Credentials',
  uploaded: 'Uploaded video with Content Credentials',
} as const;

/** What a preview may say of the clip, or the status of the page without one. */
async function previewOf(c: Context<ApiEnv>, id: Id<'clip'>): Promise<Preview | 404 | 410> {
  const found = await c.env.CLIP.getByName(id).read();
  if (!found.ok) return 404;
  const clip = found.value;
  if (clip.status === 'withdrawn') return 410;
  // A crawler is nobody: what only the signed-in may see has no preview.
  if (!canSee(clip, null)) return 404;
  const region = regionOf(c);
  const [served, listed, row] = await Promise.all([
    askGate(c.env, region, clip.keys, 'serve'),
    askGate(c.env, region, clip.keys, 'list'),
    accountById(database(c.env), clip.ownerId),
  ]);
  if (!served.allowed) return 410;
  if (!listed.allowed || row === null) return 404;

  const origin = originOf(c.get('config'), c.req.url);
  const { width, height } = parseFrameSize(clip.size);
  const label = clip.engine.name === uploadEngine.name ? labels.uploaded : labels.made;
  const title = clip.caption === '' ? `A clip by ${row.displayName}` : clip.caption;
  const description = `${label}. By @${row.handle} on Kinora.`;
  return {
    title,
    description,
    tags: [
      ['og:type', 'video.other'],
      ['og:title', title],
      ['og:description', description],
      ['og:url', `${origin}/clip/${id}`],
      ['og:image', `${origin}/media/${id}/poster.jpg`],
      ['og:image:alt', `${label}: ${clip.summary}`],
      ['og:video', `${origin}/media/${id}/video.mp4`],
      ['og:video:type', 'video/mp4'],
      ['og:video:width', String(width)],
      ['og:video:height', String(height)],
    ],
  };
}

/** The page with these tags instead of those it came with. */
function withPreview(page: Response, { title, description, tags }: Preview): Response {
  return new HTMLRewriter()
    .on('meta[property^="og:"]', {
      element(element) {
        if (element.getAttribute('property') !== 'og:site_name') element.remove();
      },
    })
    .on('meta[name="description"]', {
      element(element) {
        element.setAttribute('content', description);
      },
    })
    .on('title', {
      element(element) {
        element.setInnerContent(`${title} · Kinora`);
      },
    })
    .on('head', {
      element(element) {
        for (const [property, content] of tags) {
          element.append(`<meta property="${property}" content="${escapeAttribute(content)}">\n`, {
            html: true,
          });
        }
      },
    })
    .transform(page);
}

/** Everything that could end a double-quoted attribute or start markup. */
function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** The app's page as its assets answer it, with their headers. */
async function appPage(c: Context<ApiEnv>): Promise<Response> {
  return c.env.ASSETS.fetch(new Request(new URL('/', c.req.url)));
}

export function registerPageRoutes(app: Api): void {
  app.get('/clip/:id', async (c) => {
    const id = idSchema('clip').safeParse(c.req.param('id'));
    const preview = id.success ? await previewOf(c, id.data) : 404;
    const page = await appPage(c);
    const response =
      typeof preview === 'number'
        ? new Response(page.body, { status: preview, headers: page.headers })
        : withPreview(page, preview);
    // The entity tag is that of the bare page, and consent is asked for every request.
    response.headers.delete('ETag');
    response.headers.set('Cache-Control', 'private, no-cache');
    return response;
  });
}
