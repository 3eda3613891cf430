/** Who is in a clip by likeness. Stand-ins are nobody: they carry no account. Pure. */
import type { Account } from '#schemas/http/accounts.ts';
import type { Verification } from '#schemas/http/cameo.ts';
import type { Clip } from '#schemas/http/clips.ts';

export interface PersonIn {
  readonly account: Account;
  readonly verification: Verification;
}

export function peopleIn(cast: Clip['cast']): readonly PersonIn[] {
  return cast.flatMap(({ account, verification, standIn }) =>
    account && verification && !standIn ? [{ account, verification }] : [],
  );
}
