/** Why something was refused: a broken rule with its words marked, a missing consent, or the plain message. */
import type { ApiError } from '../api/client.ts';
import { Icon } from '../ui/icons.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { offenceOf, type Sent } from './offence.ts';
import '../styles/cast.css';

export function Refusal(props: {
  error: ApiError;
  sent: Sent;
  onRetry?: () => void;
  /** Puts the cursor on the words. */
  onShow?: (start: number, end: number) => void;
}) {
  const { error, sent, onRetry, onShow } = props;
  const offence = error.code === 'cameo_rule' ? offenceOf(error.details, sent) : null;
  if (offence) {
    const span = offence.inPrompt;
    return (
      <div class="refusal" role="alert">
        <p>
          <strong>Not with this cast.</strong> Somebody’s rules do not allow {offence.rule}, and these words
          in {offence.place} are about that:
        </p>
        <p class="refusal-quote">
          {offence.before}
          <mark>{offence.words}</mark>
          {offence.after}
        </p>
        <p class="fine">Change them, or take people out of the cast. Nothing was made or charged.</p>
        {span && onShow && (
          <button type="button" class="button button-small" onClick={() => onShow(span.start, span.end)}>
            Show me the words
          </button>
        )}
      </div>
    );
  }
  if (error.code === 'review_pending') {
    return (
      <div class="refusal refusal-waiting" role="status">
        <p class="with-icon">
          <Icon name="speech" /> <strong>Somebody in it has to agree first</strong>
        </p>
        <p>{error.message}</p>
        <p class="fine">It stays among your drafts. Your inbox says when they have decided.</p>
      </div>
    );
  }
  if (error.code === 'consent_denied') {
    return (
      <div class="refusal" role="alert">
        <p>
          <strong>Consent is missing.</strong> {error.message}
        </p>
        <p class="fine">Take people out of the cast and try again. Nothing was made or charged.</p>
      </div>
    );
  }
  return <ErrorNote error={error} {...(onRetry ? { onRetry } : {})} />;
}
