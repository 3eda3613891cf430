/** An output policy that has looked and seen nothing, for tests of the node that are about something else: no models, no process. */
import { outputPolicyVersion } from '#core/moderation/output-policy.ts';
import type { PolicyWatcher } from '../../gpu-backend/src/policy/watcher.ts';

export const scriptedPolicy: PolicyWatcher = {
  warm: () => {},
  open: () => ({
    count: 1,
    take: () => {},
    finish: async () => ({
      policy: { version: outputPolicyVersion, models: [{ name: 'scripted', version: 'test' }], findings: [] },
      faces: [],
    }),
  }),
  close: () => {},
};
