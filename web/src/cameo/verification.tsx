import type { Verification as Kind } from '#schemas/http/cameo.ts';
import { Icon } from '../ui/icons.tsx';
import { verificationWords } from './words.ts';

/** How a likeness was verified, as a chip. A demo likeness never passes for a person. */
export function VerificationChip({ verification }: { verification: Kind }) {
  const words = verificationWords[verification];
  return (
    <span class={words.good ? 'chip chip-good' : 'chip chip-demo'} title={words.line}>
      <Icon name={words.good ? 'check' : 'spark'} />
      {words.label}
    </span>
  );
}
