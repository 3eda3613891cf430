/** The hash bank over HTTP: who may do what, and what a moderator gets to see of it. */
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { fingerprintIndexOf } from '#durable-objects/fingerprint-index/rpc.ts';
import { hashBankOf } from '#durable-objects/hash-bank/rpc.ts';
import { createId } from '#durable-objects/shared/id.ts';
import { type Person, person } from '../support/api-actors.ts';
import { newId } from '../support/objects.ts';
import { copyOf, newFilm } from './fingerprint-fixtures.ts';

let ada: Person;
let bo: Person;
let nobody: Person;
beforeAll(async () => {
  [ada, bo, nobody] = await Promise.all([
    person({ roles: ['moderator'] }),
    person({ roles: ['moderator'] }),
    person(),
  ]);
});

/** An entry as a decision of Ada's proposes it, and a clip that is a copy of it. */
async function proposed() {
  const [id, caseId, film] = [createId('dec', Date.now()), createId('case', Date.now()), newFilm()];
  await hashBankOf(env).propose({ id, policyId: 'likeness', caseId, by: ada.id, fingerprints: film });
  const clipId = newId('clip');
  await fingerprintIndexOf(env).add({ clipId, sourceId: newId('gen'), fingerprints: copyOf(film, 9) });
  return { path: `/api/v1/moderation/bank/${id}`, id, caseId, film, clipId };
}

describe('an entry', () => {
  test('is confirmed by a second moderator, compared, called no match, and removed', async () => {
    const { path, id, caseId, film, clipId } = await proposed();
    expect((await ada.browser.send('PUT', `${path}/confirmation`)).status).toBe(403);
    const confirmed = await bo.browser.send('PUT', `${path}/confirmation`);
    expect([confirmed.status, confirmed.body]).toEqual([
      200,
      expect.objectContaining({
        id,
        caseId,
        status: 'confirmed',
        addedBy: ada.id,
        confirmedBy: bo.id,
        policyId: 'likeness',
      }),
    ]);
    expect(await hashBankOf(env).match(copyOf(film, 14))).toMatchObject([{ entryId: id }]);

    const compared = await ada.browser.send('GET', `${path}/comparisons/${clipId}`);
    expect(compared.body).toMatchObject({
      similarity: 100,
      agrees: true,
      frames: { agreeing: 6, usable: 6 },
    });
    const { pairs } = compared.body as { pairs: { queryAt: number; bankAt: number; distance: number }[] };
    expect(pairs).toHaveLength(6);
    expect(pairs.every(({ queryAt, bankAt, distance }) => queryAt === bankAt && distance <= 9)).toBe(true);
    expect(JSON.stringify(compared.body)).not.toMatch(/[0-9a-f]{64}/);

    const negative = await ada.browser.post(`${path}/negatives`, { subjectId: clipId });
    expect([negative.status, negative.body]).toEqual([200, expect.objectContaining({ negatives: 1 })]);
    expect(await hashBankOf(env).match(copyOf(film, 9))).toEqual([]);

    expect((await ada.browser.send('DELETE', path)).body).toMatchObject({
      status: 'removed',
      removedBy: ada.id,
    });
    expect((await bo.browser.send('PUT', `${path}/confirmation`)).status).toBe(409);
    expect((await bo.browser.send('GET', path)).body).toMatchObject({ status: 'removed', negatives: 0 });
  });

  test('is in the list, for moderators only', async () => {
    const { id, path } = await proposed();
    const list = await bo.browser.send('GET', '/api/v1/moderation/bank');
    expect((list.body as { items: { id: string }[] }).items[0]).toMatchObject({ id, status: 'proposed' });
    for (const address of ['/api/v1/moderation/bank', path, `${path}/comparisons/${newId('clip')}`]) {
      expect((await nobody.browser.send('GET', address)).status).toBe(403);
    }
    expect((await nobody.browser.send('PUT', `${path}/confirmation`)).status).toBe(403);
    expect((await nobody.browser.send('DELETE', path)).status).toBe(403);
    expect((await bo.browser.send('GET', path)).body).toMatchObject({
      status: 'proposed',
      confirmedBy: null,
    });
  });

  test('that is not there, or a clip without fingerprints, is not found', async () => {
    const { path } = await proposed();
    const unknown = `/api/v1/moderation/bank/${createId('dec', Date.now())}`;
    expect((await bo.browser.send('GET', unknown)).status).toBe(404);
    expect((await bo.browser.send('PUT', `${unknown}/confirmation`)).status).toBe(404);
    expect((await bo.browser.post(`${path}/negatives`, { subjectId: newId('clip') })).status).toBe(404);
    expect((await bo.browser.send('GET', `${path}/comparisons/${createId('upl', Date.now())}`)).status).toBe(
      404,
    );
    expect((await bo.browser.send('GET', '/api/v1/moderation/bank?cursor=x')).status).toBe(400);
  });
});
