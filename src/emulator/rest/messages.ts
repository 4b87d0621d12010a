import type { EmulatorContext } from "../context.ts";
import {
  answerAfterAccepting,
  answerBeforeAccepting,
  createServerError,
  drawCreateFault,
} from "../faults/create-faults.ts";
import { pickListStatus } from "../faults/fault-picks.ts";
import { acceptMessage, cancelMessage } from "../messages/outbound-messages.ts";
import { isFinalStatus } from "../state/message-lifecycle.ts";
import type { MessageRecord } from "../state/records.ts";
import type { RestHandler } from "./authentication.ts";
import { decideCreateRequest } from "./create-request.ts";
import { toMessageDocument } from "./documents.ts";
import { createBadRequest, createNotFound, type RestError, toErrorResponse } from "./errors.ts";
import { parseMessageFilter } from "./message-filter.ts";
import { createPage } from "./pages.ts";

const NOT_FINISHED: RestError = {
  code: 20009,
  message: "Cannot delete because delivery of message has not been completed.",
  status: 409,
};
const NOT_CANCELABLE: RestError = { code: 30409, message: "This message cannot be canceled", status: 409 };

/** Routes of `Messages.json` and `Messages/{Sid}.json`. */
export function createMessageRoutes(
  context: EmulatorContext,
): Readonly<Record<"list" | "create" | "fetch" | "update" | "remove", RestHandler>> {
  return {
    list: (c) => {
      const request = new URL(c.req.url);
      const { sid } = c.var.account;
      const matches = parseMessageFilter(request.searchParams);
      if (matches === null) return toErrorResponse(createBadRequest(20001, "Invalid date value."));
      const fault = context.faults.decideFault(`list ${request.search}`, pickListStatus, null);
      if (fault !== null) {
        context.faults.countFault("list.error");
        return createServerError(fault);
      }
      const now = context.now();
      const messages = context.store
        .listNewestMessages()
        .filter((message) => message.accountSid === sid)
        .filter((message) => matches(message) && context.faults.isListed(message.sid, now));
      const { items, fields } = createPage(request, messages);
      return c.json({ ...fields, messages: items.map(toMessageDocument) });
    },

    create: async (c) => {
      const fault = drawCreateFault(context, c.var.form);
      const faultyAnswer = answerBeforeAccepting(context, c, fault);
      if (faultyAnswer !== null) return faultyAnswer;
      const decision = decideCreateRequest(context.store, c.var.account, c.var.form);
      if (!decision.ok) return toErrorResponse(decision.failure);
      const message = acceptMessage(context, decision.value);
      return await answerAfterAccepting(context, c, fault, message, c.json(toMessageDocument(message), 201));
    },

    fetch: (c) => {
      const message = findMessage(context, c.var.account.sid, c.req.param("message"));
      return message === null ? toErrorResponse(createNotFound(c.req.path)) : c.json(toMessageDocument(message));
    },

    update: (c) => {
      const message = findMessage(context, c.var.account.sid, c.req.param("message"));
      if (message === null) return toErrorResponse(createNotFound(c.req.path));
      const outcome = updateMessage(context, message, c.var.form);
      return "code" in outcome ? toErrorResponse(outcome) : c.json(toMessageDocument(outcome));
    },

    remove: (c) => {
      const message = findMessage(context, c.var.account.sid, c.req.param("message"));
      if (message === null) return toErrorResponse(createNotFound(c.req.path));
      if (!isFinalStatus(message.state.status)) return toErrorResponse(NOT_FINISHED);
      context.store.removeMessage(message.sid);
      return c.body(null, 204);
    },
  };
}

/** @param fileName the last segment of the path: `SM….json` */
function findMessage(context: EmulatorContext, accountSid: string, fileName: string | undefined): MessageRecord | null {
  const sid = /^([A-Z]{2}[0-9a-f]{32})\.json$/u.exec(fileName ?? "")?.[1];
  const message = context.store.findMessage(sid ?? "");
  return message?.accountSid === accountSid ? message : null;
}

/** Cancels a queued message, or redacts a finished one. A request may do only one of these. */
function updateMessage(
  context: EmulatorContext,
  message: MessageRecord,
  form: URLSearchParams,
): MessageRecord | RestError {
  const [body, status] = [form.get("Body"), form.get("Status")];
  if (status !== null) {
    if (status !== "canceled" || body !== null) return createBadRequest(30400, "Parameters are not valid");
    return cancelMessage(context, message.sid) ?? NOT_CANCELABLE;
  }
  if (body !== "") return createBadRequest(30400, "Parameters are not valid");
  if (!isFinalStatus(message.state.status)) return NOT_FINISHED;
  return context.store.redactMessage(message.sid, context.now()) ?? NOT_FINISHED;
}
