import type { JSX } from "preact";
import type { EmulatedMessage, WebhookAttempt } from "../../contract.ts";
import { describeMessageError } from "../page-texts.ts";

interface MessageDetailsProps {
  readonly message: EmulatedMessage;
  readonly attempts: readonly WebhookAttempt[];
}

/** What Twilio knows of a text, and what the operator's webhooks answered. */
export function MessageDetails({ message, attempts }: MessageDetailsProps): JSX.Element {
  return (
    <dl class="details">
      <dt>SID</dt>
      <dd>
        <code>{message.sid}</code>
      </dd>
      <dt>Status</dt>
      <dd>{message.status}</dd>
      {message.errorCode !== null && (
        <>
          <dt>Error</dt>
          <dd>
            <ErrorCode code={message.errorCode}>{describeMessageError(message)}</ErrorCode>
          </dd>
        </>
      )}
      <dt>Segments</dt>
      <dd>{message.numSegments}</dd>
      {attempts.length > 0 && <dt>Webhooks</dt>}
      {attempts.map((attempt) => (
        <dd key={attempt.id}>
          <AttemptDetails attempt={attempt} />
        </dd>
      ))}
    </dl>
  );
}

function AttemptDetails({ attempt }: { readonly attempt: WebhookAttempt }): JSX.Element {
  const { kind, url, status, error, milliseconds, answer } = attempt;
  return (
    <>
      {kind} #{attempt.attempt} → {status ?? "no answer"} in {milliseconds} ms
      <br />
      <code>{url}</code>
      {error !== null && (
        <>
          <br />
          <ErrorCode code={error.code}>
            {error.code} {error.message}
          </ErrorCode>
        </>
      )}
      {answer !== "" && <pre>{answer}</pre>}
    </>
  );
}

interface ErrorCodeProps {
  readonly code: number;
  readonly children: JSX.Element | string | (string | number)[];
}

/** Twilio explains each of its codes on a page of its own. */
function ErrorCode({ code, children }: ErrorCodeProps): JSX.Element {
  return (
    <a href={`https://www.twilio.com/docs/api/errors/${code}`} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
