/** Answers bytes and JSON of a given size from memory: what the edge's requests are compared with. */
import { Hono } from 'hono';

const app = new Hono();
const sizes = new Map<number, string>();

function filler(size: number): string {
  const known = sizes.get(size);
  if (known !== undefined) return known;
  const text = 'x'.repeat(size);
  sizes.set(size, text);
  return text;
}

app.get('/json/:size', (c) => c.json({ filler: filler(Number(c.req.param('size'))) }));
app.get('/bytes/:size', (c) =>
  c.body(filler(Number(c.req.param('size'))), 206, { 'content-type': 'video/mp4' }),
);

export default app;
