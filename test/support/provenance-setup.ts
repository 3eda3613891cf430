/**
 * Makes what the provenance tests need and workerd cannot make: certificates, encoded videos, files from disk. Called once by
 * vitest before the project runs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { makeMp4 } from './make-mp4.ts';
import type { RubricTexts } from './provenance-context.ts';
import { makeSigningSecrets, makeTimeStampSecrets } from './provenance-identity.ts';
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
  project.provide('timeStamps', await makeTimeStampSecrets());
  project.provide('rubrics', readRubrics());
}

/** From `<KINORA_TESTDATA>/c2pa/rubrics`. */
function readRubrics(): RubricTexts | null {
  const folder = join(process.env.KINORA_TESTDATA ?? '../shared/testdata', 'c2pa/rubrics');
  if (!existsSync(folder)) return null;
  const text = (name: string) => readFileSync(join(folder, `asset-rubric-${name}.yml`), 'utf8');
  return {
    conformance: text('conformance0.2-spec2.4'),
    integrity: text('integrity'),
    signals: text('signals-local'),
  };
}
