/** Passkeys with a software authenticator: the whole ceremony, and everything an attacker would try. */
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { type Me, type Session, sessionSchema } from '#schemas/http/accounts.ts';
import { accounts, challenges, passkeys } from '#schemas/tables.ts';
import { createApp } from '#workers/api/app.ts';
import { database } from '#workers/store/database.ts';
import { freshHandle, person, stranger, suspend } from '../support/api-actors.ts';
import {
  Authenticator,
  type Bend,
  base64url,
  type CreationOptions,
  type RequestOptions,
} from '../support/api-authenticator.ts';
import { type Answer, Browser, refusal } from '../support/api-browser.ts';

const base = '/api/v1/auth/passkeys';
const past = () => new Date(Date.now() - 1000).toISOString();

async function creationOptions(browser: Browser, body: object): Promise<CreationOptions> {
  const answer = await browser.post(`${base}/registration/options`, body);
  expect(answer.status).toBe(200);
  return answer.body as CreationOptions;
}

async function requestOptions(browser: Browser): Promise<RequestOptions> {
  const answer = await browser.post(`${base}/authentication/options`, {});
  expect(answer.status).toBe(200);
  return answer.body as RequestOptions;
}

async function register(
  browser: Browser,
  authenticator: Authenticator,
  body: object,
  bend?: Bend,
): Promise<Answer> {
  const response = await authenticator.create(await creationOptions(browser, body), bend);
  return browser.post(`${base}/registration/verify`, { response });
}

async function signIn(browser: Browser, authenticator: Authenticator, bend?: Bend): Promise<Answer> {
  const response = await authenticator.get(await requestOptions(browser), bend);
  return browser.post(`${base}/authentication/verify`, { response });
}

/** Somebody with an account made by a passkey. */
async function passkeyPerson() {
  const [browser, authenticator, handle] = [stranger(), new Authenticator(), freshHandle('key')];
  const answer = await register(browser, authenticator, { handle });
  expect(answer.status).toBe(200);
  return { browser, authenticator, handle, session: answer.body as Session };
}

describe('a new account', () => {
  it('is made by a passkey, which signs in again elsewhere without naming anybody', async () => {
    const [browser, authenticator, handle] = [stranger(), new Authenticator(), freshHandle('key')];
    const options = await creationOptions(browser, { handle, displayName: 'Grace' });
    expect(options.rp.id).toBe('localhost');
    expect(options.user.name).toBe(handle);
    const made = await browser.post(`${base}/registration/verify`, {
      response: await authenticator.create(options),
    });
    const { account } = sessionSchema.parse(made.body);
    expect(account).toMatchObject({ handle, displayName: 'Grace', demo: false });
    expect((await browser.get('/api/v1/me')).body).toMatchObject({ account, passkeys: 1, tier: 'free' });

    const elsewhere = stranger();
    const request = await requestOptions(elsewhere);
    expect(request.allowCredentials ?? []).toEqual([]);
    const answer = await elsewhere.post(`${base}/authentication/verify`, {
      response: await authenticator.get(request),
    });
    expect(sessionSchema.parse(answer.body).account).toEqual(account);
    expect(((await elsewhere.get('/api/v1/me')).body as Me).account.id).toBe(account.id);
  });

  it('needs a handle, and one that nobody has', async () => {
    const { handle } = await passkeyPerson();
    expect(refusal(await stranger().post(`${base}/registration/options`, {}))).toBe('400 bad_request');
    expect(refusal(await stranger().post(`${base}/registration/options`, { handle }))).toBe(
      '409 handle_taken',
    );
  });

  it('reserves its handle: of ten who ask at once one may go on, and may ask again', async () => {
    const handle = freshHandle('rush');
    const browsers = Array.from({ length: 10 }, () => stranger());
    const answers = await Promise.all(
      browsers.map((browser) => browser.post(`${base}/registration/options`, { handle })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    const winner = browsers[answers.findIndex(({ status }) => status === 200)];
    if (winner === undefined) throw new Error('nobody won');
    expect((await register(winner, new Authenticator(), { handle })).status).toBe(200);
  });

  it('gives a reservation up when it expires', async () => {
    const handle = freshHandle('late');
    const slow = stranger();
    const options = await creationOptions(slow, { handle });
    await database(env).update(challenges).set({ expiresAt: past() }).where(eq(challenges.handle, handle));
    expect((await register(stranger(), new Authenticator(), { handle })).status).toBe(200);
    const response = await new Authenticator().create(options);
    expect(refusal(await slow.post(`${base}/registration/verify`, { response }))).toBe(
      '400 challenge_expired',
    );
  });

  it('is not made twice from one answer, also not at the same time', async () => {
    const [browser, authenticator, handle] = [stranger(), new Authenticator(), freshHandle('key')];
    const response = await authenticator.create(await creationOptions(browser, { handle }));
    const cookies = new Map(browser.cookies);
    const answers = await Promise.all(
      [1, 2, 3].map(() => browser.post(`${base}/registration/verify`, { response })),
    );
    expect(answers.map(refusal).sort()).toEqual([
      '200 no envelope, status 200',
      '400 challenge_expired',
      '400 challenge_expired',
    ]);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    expect(refusal(await browser.post(`${base}/registration/verify`, { response }))).toBe(
      '400 challenge_expired',
    );
    expect(await database(env).select().from(accounts).where(eq(accounts.handle, handle))).toHaveLength(1);
  });

  const bends: [string, Bend][] = [
    ['another origin', { origin: 'https://kinora.example' }],
    ['another port', { origin: 'http://localhost:9999' }],
    ['another relying party', { rpId: 'example.com' }],
    ['another challenge', { challenge: base64url(new Uint8Array(32)) }],
    ['an assertion in place of an attestation', { type: 'webauthn.get' }],
    ['nobody present', { flags: 0x40 }],
  ];
  it.each(bends)('is refused for %s, and leaves nothing behind', async (_name, bend) => {
    const handle = freshHandle('bent');
    expect(refusal(await register(stranger(), new Authenticator(), { handle }, bend))).toBe(
      '400 passkey_invalid',
    );
    expect(await database(env).select().from(accounts).where(eq(accounts.handle, handle))).toEqual([]);
    expect((await register(stranger(), new Authenticator(), { handle })).status).toBe(200);
  });

  it('cannot take a credential that somebody else has registered', async () => {
    const victim = await passkeyPerson();
    const [browser, handle] = [stranger(), freshHandle('copy')];
    const { challenge } = await creationOptions(browser, { handle });
    const response = await victim.authenticator.attest(victim.authenticator.latest, challenge);
    expect(refusal(await browser.post(`${base}/registration/verify`, { response }))).toBe(
      '400 passkey_invalid',
    );
    expect(await database(env).select().from(accounts).where(eq(accounts.handle, handle))).toEqual([]);
  });
});

describe('signing in', () => {
  const bends: [string, Bend][] = [
    ['another origin', { origin: 'http://localhost.evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: base64url(new Uint8Array(32)) }],
    ['an attestation in place of an assertion', { type: 'webauthn.create' }],
    ['nobody present', { flags: 0 }],
    ['no user handle', { userHandle: null }],
    ['a credential nobody registered', { credentialId: base64url(new Uint8Array(32).fill(9)) }],
  ];
  it.each(bends)('is refused for %s', async (_name, bend) => {
    const { authenticator } = await passkeyPerson();
    const browser = stranger();
    expect(refusal(await signIn(browser, authenticator, bend))).toBe('400 passkey_invalid');
    expect(refusal(await browser.get('/api/v1/me'))).toBe('401 unauthenticated');
    expect((await signIn(browser, authenticator)).status).toBe(200);
  });

  it("is refused with another person's credential, by its id or by their user handle", async () => {
    const [alice, bob] = [await passkeyPerson(), await passkeyPerson()];
    const forged = {
      credentialId: base64url(alice.authenticator.latest.id),
      userHandle: alice.authenticator.latest.userHandle,
    };
    expect(refusal(await signIn(stranger(), bob.authenticator, forged))).toBe('400 passkey_invalid');
    const confused = { userHandle: alice.authenticator.latest.userHandle };
    expect(refusal(await signIn(stranger(), bob.authenticator, confused))).toBe('400 passkey_invalid');
  });

  it('is refused when one bit of the signature or of the signed data is changed', async () => {
    const { authenticator } = await passkeyPerson();
    for (const field of ['signature', 'authenticatorData'] as const) {
      const browser = stranger();
      const honest = await authenticator.get(await requestOptions(browser));
      const text = honest.response[field];
      const last = text.at(-3) === 'A' ? 'B' : 'A';
      const response = {
        ...honest,
        response: { ...honest.response, [field]: `${text.slice(0, -3)}${last}${text.slice(-2)}` },
      };
      expect(refusal(await browser.post(`${base}/authentication/verify`, { response }))).toBe(
        '400 passkey_invalid',
      );
    }
  });

  it('spends the challenge: no replay, not at the same time, not after a failure', async () => {
    const { authenticator } = await passkeyPerson();
    const browser = stranger();
    const response = await authenticator.get(await requestOptions(browser));
    const cookies = new Map(browser.cookies);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => browser.post(`${base}/authentication/verify`, { response })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => refusal(answer) === '400 challenge_expired')).toHaveLength(3);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    expect(refusal(await browser.post(`${base}/authentication/verify`, { response }))).toBe(
      '400 challenge_expired',
    );

    const second = stranger();
    const options = await requestOptions(second);
    const held = new Map(second.cookies);
    const bent = await authenticator.get(options, { origin: 'http://evil.example' });
    expect(refusal(await second.post(`${base}/authentication/verify`, { response: bent }))).toBe(
      '400 passkey_invalid',
    );
    for (const [name, value] of held) second.cookies.set(name, value);
    const honest = await authenticator.get(options);
    expect(refusal(await second.post(`${base}/authentication/verify`, { response: honest }))).toBe(
      '400 challenge_expired',
    );
  });

  it('is refused after five minutes, in another browser, and with the challenge of a registration', async () => {
    const { authenticator } = await passkeyPerson();
    const late = stranger();
    const response = await authenticator.get(await requestOptions(late));
    const id = late.cookies.get('kinora-authentication') ?? '';
    await database(env).update(challenges).set({ expiresAt: past() }).where(eq(challenges.id, id));
    expect(refusal(await late.post(`${base}/authentication/verify`, { response }))).toBe(
      '400 challenge_expired',
    );

    const fresh = await authenticator.get(await requestOptions(stranger()));
    expect(refusal(await stranger().post(`${base}/authentication/verify`, { response: fresh }))).toBe(
      '400 challenge_expired',
    );

    const mixed = stranger();
    const { challenge } = await creationOptions(mixed, { handle: freshHandle('mix') });
    mixed.cookies.set('kinora-authentication', mixed.cookies.get('kinora-registration') ?? '');
    const wrongKind = await authenticator.get({ challenge });
    expect(refusal(await mixed.post(`${base}/authentication/verify`, { response: wrongKind }))).toBe(
      '400 challenge_expired',
    );
  });

  it('is refused when the counter does not grow: the mark of a copied key', async () => {
    const { authenticator } = await passkeyPerson();
    expect((await signIn(stranger(), authenticator, { counter: 41 })).status).toBe(200);
    expect(refusal(await signIn(stranger(), authenticator, { counter: 41 }))).toBe('400 passkey_invalid');
    expect(refusal(await signIn(stranger(), authenticator, { counter: 12 }))).toBe('400 passkey_invalid');
    expect(refusal(await signIn(stranger(), authenticator, { counter: 0 }))).toBe('400 passkey_invalid');
    expect((await signIn(stranger(), authenticator, { counter: 42 })).status).toBe(200);
  });

  it('lets only one of two assertions with the same counter pass, whoever is first', async () => {
    const { authenticator } = await passkeyPerson();
    const browsers = [stranger(), stranger(), stranger()];
    const responses = await Promise.all(
      browsers.map(async (browser) => authenticator.get(await requestOptions(browser), { counter: 7 })),
    );
    const answers = await Promise.all(
      browsers.map((browser, index) =>
        browser.post(`${base}/authentication/verify`, { response: responses[index] }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  });

  it('works every time for authenticators that do not count', async () => {
    const { authenticator } = await passkeyPerson();
    for (let round = 0; round < 3; round += 1) {
      expect((await signIn(stranger(), authenticator, { counter: 0 })).status).toBe(200);
    }
  });

  it('says that an account is suspended, to its owner only', async () => {
    const { authenticator, session } = await passkeyPerson();
    await suspend(session.account.id);
    const browser = stranger();
    expect(refusal(await signIn(browser, authenticator))).toBe('403 account_suspended');
    expect(refusal(await browser.get('/api/v1/me'))).toBe('401 unauthenticated');
  });

  it('is limited by address', async () => {
    const browser = stranger();
    const answers: Answer[] = [];
    for (let round = 0; round < 61; round += 1)
      answers.push(await browser.post(`${base}/authentication/options`, {}));
    const last = answers.at(-1);
    if (last === undefined) throw new Error('no answer');
    expect(answers.slice(0, 60).every(({ status }) => status === 200)).toBe(true);
    expect(refusal(last)).toBe('429 rate_limited');
    expect(Number(last.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await stranger().post(`${base}/authentication/options`, {})).status).toBe(200);
  });
});

describe('adding a passkey', () => {
  it('gives the account a second way in, and not the same one twice', async () => {
    const { browser, handle, id } = await person();
    const [phone, laptop] = [new Authenticator(), new Authenticator()];
    expect((await register(browser, phone, {})).status).toBe(200);
    expect((await register(browser, laptop, {})).status).toBe(200);
    expect((await browser.get('/api/v1/me')).body).toMatchObject({ passkeys: 2, account: { id, handle } });
    for (const authenticator of [phone, laptop]) {
      const answer = await signIn(stranger(), authenticator);
      expect((answer.body as Session).account.id).toBe(id);
    }
    await expect(register(browser, phone, {})).rejects.toThrow('InvalidStateError');
    const { challenge } = await creationOptions(browser, {});
    const response = await phone.attest(phone.latest, challenge);
    expect(refusal(await browser.post(`${base}/registration/verify`, { response }))).toBe(
      '400 passkey_invalid',
    );
    expect(await database(env).select().from(passkeys).where(eq(passkeys.accountId, id))).toHaveLength(2);
  });

  it('needs the session that asked for it, when it is finished too', async () => {
    const owner = await person();
    const options = await creationOptions(owner.browser, {});
    await owner.browser.post('/api/v1/auth/sign-out', {});
    const response = await new Authenticator().create(options);
    expect(refusal(await owner.browser.post(`${base}/registration/verify`, { response }))).toBe(
      '403 forbidden',
    );

    const [victim, attacker] = [await person(), await person()];
    const planted = await creationOptions(attacker.browser, {});
    victim.browser.cookies.set(
      'kinora-registration',
      attacker.browser.cookies.get('kinora-registration') ?? '',
    );
    const answer = await victim.browser.post(`${base}/registration/verify`, {
      response: await new Authenticator().create(planted),
    });
    expect(refusal(answer)).toBe('403 forbidden');
    for (const { id } of [owner, victim, attacker]) {
      expect(await database(env).select().from(passkeys).where(eq(passkeys.accountId, id))).toEqual([]);
    }
  });

  it('does not make a second account by accident', async () => {
    const { browser } = await person();
    expect(refusal(await browser.post(`${base}/registration/options`, { handle: freshHandle() }))).toBe(
      '409 conflict',
    );
  });
});

describe('a deployment', () => {
  it('binds passkeys to its own origin and uses cookies that need HTTPS', async () => {
    const origin = 'https://kinora.example';
    const app = createApp();
    const vars = { ...env, ENVIRONMENT: 'production', ORIGIN: origin };
    const browser = new Browser(
      async (request) => app.fetch(request, vars, createExecutionContext()),
      origin,
    );
    const authenticator = new Authenticator(origin);
    const asked = await browser.post(`${base}/registration/options`, { handle: freshHandle('live') });
    expect((asked.body as CreationOptions).rp.id).toBe('kinora.example');
    expect(asked.headers.get('Set-Cookie')).toMatch(
      /^__Host-kinora-registration=.*HttpOnly; Secure; SameSite=Strict/,
    );
    const response = await authenticator.create(asked.body as CreationOptions);
    const made = await browser.post(`${base}/registration/verify`, { response });
    expect(made.status).toBe(200);
    const cookies = made.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-kinora-session='));
    expect(cookies).toMatch(/Path=\/; HttpOnly; Secure; SameSite=Lax/);
    expect((await browser.get('/api/v1/me')).status).toBe(200);
  });
});
