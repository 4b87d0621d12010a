import { describe, expect, it } from "vitest";
import { headersSchema } from "../../src/outbound/headers.ts";

describe("headersSchema", () => {
  it("takes texts and secrets", () => {
    const headers = { "X-Team": "blue", authorization: { secret: "crm", prefix: "Bearer " }, "x-key": { secret: "b" } };
    expect(headersSchema.parse(headers)).toEqual(headers);
  });

  it.each([
    ["a name with a space", { "x team": "blue" }],
    ["an empty name", { "": "blue" }],
    ["a name with a line break", { "x\r\ny": "blue" }],
    ["a value with a line break", { x: "blue\r\nhost: evil" }],
    ["a value that is not ASCII", { x: "blå" }],
    ["a prefix with a line break", { x: { secret: "crm", prefix: "\n" } }],
    ["a secret without a name", { x: { secret: "" } }],
    ["an unknown field", { x: { secret: "crm", suffix: "!" } }],
    ["Host", { Host: "example.com" }],
    ["Content-Length", { "content-length": "0" }],
    ["Idempotency-Key", { "Idempotency-Key": "1" }],
    ["too many", Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`x-${index}`, "1"]))],
  ])("refuses %s", (_, headers) => {
    expect(headersSchema.safeParse(headers).success).toBe(false);
  });
});
