import { accept, cancel } from "../delivery.ts";
import { afterTaking, beforeTaking, drawCreateFault, serverError } from "../faults/create.ts";
import { listFault } from "../faults/decide.ts";
import { isFinal } from "../life.ts";
import type { Message } from "../model.ts";
import type { World } from "../world.ts";
import type { RestHandler } from "./access.ts";
import { decideCreate } from "./create.ts";
import { messageDocument } from "./documents.ts";
import { bad, notFound, type RestError, restErrorResponse } from "./errors.ts";
import { messageFilter } from "./filters.ts";
import { pageOf } from "./paging.ts";

const UNFINISHED: RestError = {
  code: 20009,
  message: "Cannot delete because delivery of message has not been completed.",
  status: 409,
};
const NOT_CANCELABLE: RestError = { code: 30409, message: "This message cannot be canceled", status: 409 };

/** `Messages.json` and `Messages/{Sid}.json`. */
export function messageRoutes(
  world: World,
): Readonly<Record<"list" | "create" | "fetch" | "update" | "remove", RestHandler>> {
  return {
    list: (c) => {
      const request = new URL(c.req.url);
      const { sid } = c.var.account;
      const matches = messageFilter(request.searchParams);
      if (matches === null) return restErrorResponse(bad(20001, "Invalid date value."));
      const fault = world.faults.decide(`list ${request.search}`, listFault, null);
      if (fault !== null) {
        world.faults.count("list.error");
        return serverError(fault);
      }
      const now = world.now();
      const mine = world.store
        .messagesNewestFirst()
        .filter((one) => one.accountSid === sid && matches(one) && world.faults.isListed(one.sid, now));
      const { items, fields } = pageOf(request, mine);
      return c.json({ ...fields, messages: items.map(messageDocument) });
    },

    create: async (c) => {
      const fault = drawCreateFault(world, c.var.form);
      const untaken = beforeTaking(world, c, fault);
      if (untaken !== null) return untaken;
      const decision = decideCreate(world.store, c.var.account, c.var.form);
      if (!decision.ok) return restErrorResponse(decision.failure);
      const message = accept(world, decision.value);
      return await afterTaking(world, c, fault, message, c.json(messageDocument(message), 201));
    },

    fetch: (c) => {
      const message = find(world, c.var.account.sid, c.req.param("message"));
      return message === null ? restErrorResponse(notFound(c.req.path)) : c.json(messageDocument(message));
    },

    update: (c) => {
      const message = find(world, c.var.account.sid, c.req.param("message"));
      if (message === null) return restErrorResponse(notFound(c.req.path));
      const outcome = update(world, message, c.var.form);
      return "code" in outcome ? restErrorResponse(outcome) : c.json(messageDocument(outcome));
    },

    remove: (c) => {
      const message = find(world, c.var.account.sid, c.req.param("message"));
      if (message === null) return restErrorResponse(notFound(c.req.path));
      if (!isFinal(message.state.status)) return restErrorResponse(UNFINISHED);
      world.store.removeMessage(message.sid);
      return c.body(null, 204);
    },
  };
}

/** @param file the last part of the path: `SM….json` */
function find(world: World, accountSid: string, file: string | undefined): Message | null {
  const sid = /^([A-Z]{2}[0-9a-f]{32})\.json$/u.exec(file ?? "")?.[1];
  const message = world.store.message(sid ?? "");
  return message?.accountSid === accountSid ? message : null;
}

/** A message can be redacted when it is through, and taken back while it is queued; not both at once. */
function update(world: World, message: Message, form: URLSearchParams): Message | RestError {
  const [body, status] = [form.get("Body"), form.get("Status")];
  if (status !== null) {
    if (status !== "canceled" || body !== null) return bad(30400, "Parameters are not valid");
    return cancel(world, message.sid) ?? NOT_CANCELABLE;
  }
  if (body !== "") return bad(30400, "Parameters are not valid");
  if (!isFinal(message.state.status)) return UNFINISHED;
  return world.store.redactMessage(message.sid, world.now()) ?? UNFINISHED;
}
