import { Component, type JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { WebhookAttempt } from "../../contract.ts";
import type { PlacedMessage } from "../conversation-view.ts";
import { describeDelivery, describeMessageError, findWebhookProblem, formatCount, formatTime } from "../page-texts.ts";
import { WarningIcon } from "./icons.tsx";
import { MediaList } from "./media-list.tsx";
import { MessageDetails } from "./message-details.tsx";
import { RichText } from "./rich-text.tsx";

/** Age up to which a message is animated, so that messages do not move when the page opens. */
const FRESH_MS = 3_000;

interface MessageBubbleProps {
  readonly placed: PlacedMessage;
  readonly attempts: readonly WebhookAttempt[] | undefined;
  readonly name: string;
  /** Whether Tab reaches this bubble; the arrow keys reach the other bubbles of a thread. */
  readonly tabStop: boolean;
  readonly onStop: (sid: string) => void;
}

/** A message with its status; renders again only if one of its properties has changed. */
export class MessageBubble extends Component<MessageBubbleProps> {
  override shouldComponentUpdate(next: MessageBubbleProps): boolean {
    const { placed, attempts, name, tabStop } = this.props;
    return (
      next.placed.message !== placed.message ||
      next.placed.first !== placed.first ||
      next.placed.last !== placed.last ||
      next.attempts !== attempts ||
      next.name !== name ||
      next.tabStop !== tabStop
    );
  }

  override render(): JSX.Element {
    return <BubbleBody {...this.props} />;
  }
}

function BubbleBody({ placed, attempts = [], name, tabStop, onStop }: MessageBubbleProps): JSX.Element {
  const { message, direction, first, last } = placed;
  const [open, setOpen] = useState(false);
  const [fresh] = useState(() => Date.now() - message.createdAt < FRESH_MS);
  const id = useId();
  const { tone, label } = describeDelivery(message);
  const problem = findWebhookProblem(attempts);
  const visible = last || open || tone !== "fine" || message.numSegments > 1;

  return (
    <div
      class="bubble"
      data-testid="bubble"
      data-direction={direction}
      data-status={message.status}
      data-tone={tone}
      data-first={first}
      data-last={last}
      data-fresh={fresh}
      data-bare={message.body === "" && message.media.length > 0}
    >
      <div class="balloon">
        <span class="aside">{direction === "out" ? "You: " : `${name}: `}</span>
        <MediaList media={message.media} />
        {message.body !== "" && <RichText text={message.body} />}
      </div>
      {tone === "bad" && describeMessageError(message) !== "" && (
        <p class="problem" data-tone="bad">
          <WarningIcon />
          <span>{describeMessageError(message)}</span>
        </p>
      )}
      {problem !== null && (
        <p class="problem" data-tone={problem.recovered ? "fine" : "warn"} data-testid="webhook-problem">
          <WarningIcon />
          <span>{problem.text}</span>
        </p>
      )}
      <button
        type="button"
        class="meta"
        data-visible={visible}
        aria-expanded={open}
        aria-controls={id}
        aria-label={`${label} ${formatTime(message.createdAt)}. Details of this text`}
        tabIndex={tabStop ? 0 : -1}
        onFocus={() => onStop(message.sid)}
        onClick={() => setOpen(!open)}
      >
        {formatTime(message.createdAt)} · <span class="status-word">{label}</span>
        {message.numSegments > 1 && ` · ${formatCount(message.numSegments, "segment")}`}
      </button>
      <div id={id}>{open && <MessageDetails message={message} attempts={attempts} />}</div>
    </div>
  );
}
