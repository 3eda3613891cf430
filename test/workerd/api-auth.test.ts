import { env, exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
it('boots', async () => {
  const r = await exports.default.fetch('http://localhost/healthz');
  console.log(r.status, await r.text(), [...r.headers]);
  const s = await exports.default.fetch('http://localhost/api/v1/local/sign-in', {method:'POST', headers:{'content-type':'application/json'}, body: JSON.stringify({handle:'ada'})});
  console.log(s.status, await s.clone().text(), [...s.headers]);
  const {token} = await s.json() as {token:string};
  const m = await exports.default.fetch('http://localhost/api/v1/me', {headers:{authorization:`Bearer ${token}`}});
  console.log(m.status, await m.text());
  const d = await exports.default.fetch('http://localhost/api/openapi.json');
  console.log(d.status, (await d.text()).length);
  expect(env).toBeDefined();
});
