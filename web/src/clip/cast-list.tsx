/** Whose likeness is in a clip, and how each was verified. A demo likeness never passes for a person; stand-ins are named as such. */
import type { Clip } from '#schemas/http/clips.ts';
import { VerificationChip } from '../cameo/verification.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { peopleIn } from './people-in.ts';
import '../styles/cast.css';

export function CastList({ cast }: { cast: Clip['cast'] }) {
  const people = peopleIn(cast);
  const standIns = cast.length - people.length;
  return (
    <ul class="cast-list">
      {people.map((who) => (
        <li key={who.account.id} class="cast-member">
          <Avatar handle={who.account.handle} size="small" />
          <span class="cast-names">
            <a href={`/@${who.account.handle}`}>@{who.account.handle}</a>
            <span class="chips">
              <VerificationChip verification={who.verification} />
            </span>
          </span>
        </li>
      ))}
      {standIns > 0 && (
        <li class="cast-member">
          <Avatar handle="?" size="small" />
          <span class="cast-names">
            <strong>{standIns === 1 ? 'A stand-in' : `${standIns} stand-ins`}</strong>
            <span class="fine">took the place of somebody who asked for it</span>
          </span>
        </li>
      )}
    </ul>
  );
}
