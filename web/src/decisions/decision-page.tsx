/** A decision about something of mine: the statement of reasons, and the appeal against it (K-64, K-65). */
import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { AuthorDecision } from '#schemas/http/moderation.ts';
import { asApiError } from '../api/client.ts';
import { appealLimit } from '../api/limits.ts';
import { appealDecision, readDecision } from '../api/moderation.ts';
import { SignedIn } from '../auth/signed-in.tsx';
import { toast } from '../state/overlay.ts';
import { useTitle } from '../state/page.ts';
import { useLoad } from '../state/use-load.ts';
import { formatAgo } from '../ui/format.ts';
import { ErrorNote, Loading } from '../ui/states.tsx';
import '../styles/moderation.css';

const standings = {
  'in-force': 'This decision is in force.',
  undone: 'This decision was taken back.',
  overturned: 'This decision was overturned on appeal, and everything that followed from it was restored.',
} as const;

export default function DecisionPage() {
  useTitle('A decision');
  return (
    <SignedIn
      title="A decision"
      purpose="read the decision"
      why="Decisions are shown to whoever they are about."
    >
      {() => <Decision />}
    </SignedIn>
  );
}

function Decision() {
  const id = useRoute().params.id ?? '';
  const { data, error, reload, set } = useLoad<AuthorDecision>(`decision:${id}`, () => readDecision(id));
  if (error) return <ErrorNote error={error} onRetry={reload} />;
  if (!data) return <Loading label="Loading the decision" />;
  return (
    <div class="page decision">
      <header class="page-head">
        <h1>{data.policy.title}</h1>
        <p class="quiet">
          About your {data.subject.kind}
          {data.subject.title && ` “${data.subject.title.slice(0, 80)}”`},{' '}
          <time dateTime={data.decidedAt}>{formatAgo(data.decidedAt, Date.now())}</time>
        </p>
        <p>
          <strong>{standings[data.standing]}</strong>
        </p>
      </header>
      <section aria-labelledby="statement-title">
        <h2 id="statement-title">The statement of reasons</h2>
        <p class="desk-statement">{data.text}</p>
      </section>
      <section aria-labelledby="policy-title">
        <h2 id="policy-title">The rule</h2>
        <p>{data.policy.text}</p>
        <p class="fine">
          {data.policy.id}, version {data.policy.version}
        </p>
      </section>
      <section aria-labelledby="appeal-title">
        <h2 id="appeal-title">Appeal</h2>
        {data.appeal ? (
          <>
            <blockquote>{data.appeal.text}</blockquote>
            <p>
              {data.appeal.outcome === null
                ? 'Somebody else than who decided looks at it, without seeing the first decision. Your inbox tells you.'
                : data.appeal.outcome === 'overturned'
                  ? 'Your appeal was granted.'
                  : 'Your appeal was turned down by somebody else than who decided first.'}
            </p>
          </>
        ) : data.canAppeal ? (
          <AppealForm id={data.id} until={data.appealUntil} onDone={set} />
        ) : (
          <p class="quiet">This decision cannot be appealed any more.</p>
        )}
      </section>
    </div>
  );
}

function AppealForm(props: { id: string; until: string; onDone: (decision: AuthorDecision) => void }) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      props.onDone(await appealDecision(props.id, text.trim()));
      toast('Your appeal is in.');
    } catch (error) {
      toast(asApiError(error).message, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="field">
        <label class="field-label" for="appeal-text">
          Why is it wrong?
        </label>
        <textarea
          id="appeal-text"
          rows={5}
          required
          maxLength={appealLimit}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <p class="fine">
        It goes to somebody else than who decided. You can appeal until{' '}
        <time dateTime={props.until}>{new Date(props.until).toLocaleDateString()}</time>.
      </p>
      <button type="submit" class="button button-primary" disabled={busy || text.trim() === ''}>
        {busy ? 'Sending' : 'Appeal'}
      </button>
    </form>
  );
}
