/**
 * Makes what the provenance tests need and workerd cannot make: certificates, encoded videos, files from disk. Called once by
 * vitest before the project runs.
 */
import type { TestProject } from 'vitest/node';
import { makeMp4 } from './make-mp4.ts';
import type {} from './provenance-context.ts';
import { makeSigningSecrets } from './provenance-identity.ts';
import { readReference } from './provenance-reference.ts';

export default async function setup(project: TestProject): Promise<void> {
  project.provide('signingSecrets', await makeSigningSecrets());
  project.provide('strangerSecrets', await makeSigningSecrets());
  const [dark, bright] = [await makeMp4({ shade: 40 }), await makeMp4({ shade: 200 })];
  project.provide('videos', {
    dark: Buffer.from(dark).toString('base64'),
    bright: Buffer.from(bright).toString('base64'),
  });
  project.provide('reference', await readReference());
}
