import type { JSX } from "preact";
import type { EmulatedMessage, WebhookAttempt } from "../../contract.ts";
import { describeMessageError } from "../page-texts.ts";

interface MessageDetailsProps {
  readonly message: EmulatedMessage;
  readonly attempts: readonly WebhookAttempt[];
}

/** Twilio's data about a text, and the responses of the operator's webhooks. */
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
            <ErrorLink code={message.errorCode}>{describeMessageError(message)}</ErrorLink>
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
      {kind} #{attempt.attempt} → {status ?? "no response"} in {milliseconds} ms
      <br />
      <code>{url}</code>
      {error !== null && (
        <>
          <br />
          <ErrorLink code={error.code}>
            {error.code} {error.message}
          </ErrorLink>
        </>
      )}
      {answer !== "" && <pre>{answer}</pre>}
    </>
  );
}

interface ErrorLinkProps {
  readonly code: number;
  readonly children: JSX.Element | string | (string | number)[];
}

/** A link to Twilio's page about an error code. */
function ErrorLink({ code, children }: ErrorLinkProps): JSX.Element {
  return (
    <a href={`https://www.twilio.com/docs/api/errors/${code}`} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
