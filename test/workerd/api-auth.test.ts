/** Local sign-in, sessions, /me and what the app knows before anybody signs in. */
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { type Me, meSchema, type Session, sessionSchema } from '#schemas/http/accounts.ts';
import { configSchema, healthSchema } from '#schemas/http/config.ts';
import { accounts, sessions } from '#schemas/tables.ts';
import { createApp } from '#workers/api/app.ts';
import { database } from '#workers/store/database.ts';
import { edge, freshHandle, person, stranger, suspend } from '../support/api-actors.ts';
import { Browser, refusal } from '../support/api-browser.ts';

/** The same code as an operator deploys it. */
function production(origin = 'https://kinora.example') {
  const app = createApp();
  const vars = { ...env, ENVIRONMENT: 'production', ORIGIN: origin };
  return new Browser(async (request) => app.fetch(request, vars, createExecutionContext()), origin);
}

describe('local sign-in', () => {
  it('makes the account on first use and answers who you are by cookie and by bearer', async () => {
    const browser = stranger();
    const handle = freshHandle();
    const signedIn = await browser.post('/api/v1/local/sign-in', {
      handle: ` ${handle.toUpperCase()} `,
      displayName: 'Ada L.',
    });
    expect(signedIn.status).toBe(200);
    const session = sessionSchema.parse(signedIn.body);
    expect(session.account).toMatchObject({ handle, displayName: 'Ada L.', demo: false });
    expect(session.token).toMatch(/^kns_[A-Za-z0-9_-]{43}$/);

    const byCookie = meSchema.parse((await browser.get('/api/v1/me')).body);
    const client = stranger();
    client.token = session.token;
    const byBearer = meSchema.parse((await client.get('/api/v1/me')).body);
    expect(byCookie).toEqual(byBearer);
    expect(byCookie).toMatchObject({ account: session.account, tier: 'free', roles: [], passkeys: 0 });
    expect(byCookie.credits.available).toBe(byCookie.credits.allowance);
  });

  it('keeps the account at the next sign-in and changes only what is given', async () => {
    const first = await person();
    const before = (await first.browser.get('/api/v1/me')).body as Me;
    const again = await person({ handle: first.handle, tier: 'pro', roles: ['moderator'] });
    expect(again.id).toBe(first.id);
    const after = (await again.browser.get('/api/v1/me')).body as Me;
    expect(after).toMatchObject({ tier: 'pro', roles: ['moderator'], account: before.account });
    expect(after.credits.allowance).toBeGreaterThan(before.credits.allowance);
    const third = await person({ handle: first.handle });
    expect((await third.browser.get('/api/v1/me')).body).toMatchObject({ tier: 'pro', roles: ['moderator'] });
  });

  it('makes one account when twenty first sign-ins come at once', async () => {
    const handle = freshHandle();
    const all = await Promise.all(Array.from({ length: 20 }, () => person({ handle })));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(new Set(all.map(({ token }) => token)).size).toBe(20);
  });

  it.each([
    [{}, 'handle'],
    [{ handle: '' }, 'handle'],
    [{ handle: 'a b' }, 'handle'],
    [{ handle: '-a' }, 'handle'],
    [{ handle: 'x'.repeat(31) }, 'handle'],
    [{ handle: 7 }, 'handle'],
    [{ handle: 'ok', tier: 'gold' }, 'tier'],
    [{ handle: 'ok', roles: ['root'] }, 'roles'],
    [{ handle: 'ok', displayName: '' }, 'displayName'],
    [{ handle: 'ok', admin: true }, 'admin'],
  ])('refuses %j and names the field', async (body, field) => {
    const answer = await stranger().post('/api/v1/local/sign-in', body);
    expect(refusal(answer)).toBe('400 bad_request');
    expect(JSON.stringify(answer.body)).toContain(field);
  });

  it('does not exist outside the local environment, whatever the body', async () => {
    for (const body of [{ handle: 'ada' }, {}, 'not json']) {
      expect(refusal(await production().post('/api/v1/local/sign-in', body))).toBe('404 not_found');
    }
  });
});

describe('sessions', () => {
  it('are stored as a hash only, in a cookie that scripts and other sites cannot use', async () => {
    const browser = stranger();
    const answer = await browser.post('/api/v1/local/sign-in', { handle: freshHandle() });
    const { account, token } = answer.body as Session;
    const cookie = answer.headers.get('Set-Cookie') ?? '';
    expect(cookie).toMatch(new RegExp(`^kinora-session=${token};`));
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).toContain('Path=/');
    expect(cookie).toContain('Max-Age=2592000');
    const rows = await database(env).select().from(sessions).where(eq(sessions.accountId, account.id));
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token.slice(4));
  });

  it('end on the server when somebody signs out, and only that one', async () => {
    const one = await person();
    const other = await person({ handle: one.handle });
    const out = await one.browser.post('/api/v1/auth/sign-out', {});
    expect(out.status).toBe(204);
    expect(one.browser.cookies.size).toBe(0);
    const thief = stranger();
    thief.token = one.token;
    expect(refusal(await thief.get('/api/v1/me'))).toBe('401 unauthenticated');
    expect((await other.browser.get('/api/v1/me')).status).toBe(200);
    expect((await one.browser.post('/api/v1/auth/sign-out', {})).status).toBe(204);
  });

  it('do not pile up in one browser: signing in again ends the one before', async () => {
    const { browser, token } = await person();
    expect((await browser.post('/api/v1/local/sign-in', { handle: freshHandle() })).status).toBe(200);
    const thief = stranger();
    thief.token = token;
    expect(refusal(await thief.get('/api/v1/me'))).toBe('401 unauthenticated');
  });

  it('end when they expire', async () => {
    const { browser, id } = await person();
    await database(env)
      .update(sessions)
      .set({ expiresAt: new Date(Date.now() - 1).toISOString() })
      .where(eq(sessions.accountId, id));
    expect(refusal(await browser.get('/api/v1/me'))).toBe('401 unauthenticated');
  });

  it('stop with the account: suspended means signed out, and signing in says why', async () => {
    const { browser, handle, id } = await person();
    await suspend(id);
    expect(refusal(await browser.get('/api/v1/me'))).toBe('401 unauthenticated');
    expect(refusal(await stranger().post('/api/v1/local/sign-in', { handle }))).toBe('403 account_suspended');
    const row = await database(env)
      .select({ at: accounts.suspendedAt })
      .from(accounts)
      .where(eq(accounts.id, id))
      .get();
    expect(row?.at).not.toBeNull();
  });

  it.each(['kns_', `kns_${'A'.repeat(43)}`, 'Bearer', `xyz_${'A'.repeat(43)}`, '"; drop table sessions; --'])(
    'are not opened by %s',
    async (token) => {
      const browser = stranger();
      browser.token = token;
      expect(refusal(await browser.get('/api/v1/me'))).toBe('401 unauthenticated');
    },
  );

  it('cannot be used by another site through the cookie', async () => {
    const { browser } = await person();
    const answer = await browser.send(
      'POST',
      '/api/v1/auth/sign-out',
      {},
      { Origin: 'https://evil.example' },
    );
    expect(refusal(answer)).toBe('403 forbidden');
    expect((await browser.get('/api/v1/me')).status).toBe(200);
  });
});

describe('before anybody signs in', () => {
  it('says whether one-click sign-in exists', async () => {
    expect(configSchema.parse((await stranger().get('/api/v1/config')).body)).toMatchObject({
      environment: 'local',
      localSignIn: true,
    });
    expect(configSchema.parse((await production().get('/api/v1/config')).body)).toMatchObject({
      environment: 'production',
      localSignIn: false,
    });
  });

  it('answers its health', async () => {
    expect(healthSchema.parse((await stranger().get('/healthz')).body).status).toBe('ok');
  });

  it('is not a browser, and still served: no Origin, no cookie', async () => {
    const response = await edge(new Request('http://localhost/api/v1/config'));
    expect(response.status).toBe(200);
  });
});
