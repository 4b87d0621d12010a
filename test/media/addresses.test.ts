import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findAddressProblem, mayHaveCredentials } from "../../src/media/addresses.ts";

const TWILIO = "https://api.twilio.com";
const HERE = "http://127.0.0.1:8788";

describe("the account's credentials", () => {
  it.each([
    [`${TWILIO}/2010-04-01/Accounts/AC/Messages/MM/Media/ME`, TWILIO],
    ["https://api.dublin.ie1.twilio.com/x", TWILIO],
    [`${TWILIO}/x`, "https://api.sydney.au1.twilio.com"],
    [`${HERE}/x`, HERE],
    ["https://proxy.example/x", "https://proxy.example"],
  ])("go to %s, with %s", (url, baseUrl) => {
    expect(mayHaveCredentials(new URL(url), baseUrl)).toBe(true);
  });

  it.each([
    ["http://api.twilio.com/x", TWILIO],
    ["https://api.twilio.com.example/x", TWILIO],
    ["https://apixtwilio.com/x", TWILIO],
    ["https://api.twilio.com:444/x", "https://proxy.example"],
    ["https://media.twiliocdn.com/x", TWILIO],
    ["https://files.twilio.com/x", TWILIO],
    ["https://evil.example/api.twilio.com", TWILIO],
    ["https://api.twilio.com@evil.example/", TWILIO],
    [`${TWILIO}/x`, HERE],
    [`${TWILIO}/x`, "https://proxy.example"],
    ["http://127.0.0.1:8789/x", HERE],
    ["https://127.0.0.1:8788/x", HERE],
  ])("do not go to %s, with %s", (url, baseUrl) => {
    expect(mayHaveCredentials(new URL(url), baseUrl)).toBe(false);
  });
});

describe("an address", () => {
  it.each([
    "https://media.twiliocdn.com/a/b",
    "https://s3-external-1.amazonaws.com/media.twiliocdn.com/x?Signature=1",
    "https://8.8.8.8/",
    "https://172.32.0.1/",
    "https://100.128.0.1/",
    "https://[2606:4700::1111]/",
    "https://10.example.com/",
  ])("%s is fetched", (url) => {
    expect(findAddressProblem(new URL(url), TWILIO)).toBeNull();
  });

  it.each([
    "http://media.twiliocdn.com/a",
    "ftp://media.twiliocdn.com/a",
    "data:text/plain,x",
    "https://user:password@media.twiliocdn.com/a",
    "https://localhost/",
    "https://localhost./",
    "https://metadata/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://169.254.169.254/latest/meta-data",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://0.0.0.0/",
    "https://239.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://[64:ff9b::a00:1]/",
    "https://[2002:a00:1::]/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://168.63.129.16/",
    "https://[2001::1]/",
    "https://[3fff::1]/",
    "https://nas.lan/",
  ])("%s is not", (url) => {
    expect(findAddressProblem(new URL(url), TWILIO)).not.toBeNull();
  });

  it("of this machine is fetched where the account's own Twilio is here, but still by http alone", () => {
    expect(findAddressProblem(new URL("http://127.0.0.1:9/x"), HERE)).toBeNull();
    expect(findAddressProblem(new URL("https://media.twiliocdn.com/x"), HERE)).toBeNull();
    expect(findAddressProblem(new URL("file:///etc/passwd"), HERE)).not.toBeNull();
  });

  it.each(["https://twilio.lan", "https://10.example.com"])("that is private is not fetched with %s", (baseUrl) => {
    expect(findAddressProblem(new URL("https://10.0.0.1/"), baseUrl)).toBe("its address is not public");
  });

  it("in a private block is never fetched, whichever way it is written", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const block = fc.constantFrom([10], [127], [192, 168], [169, 254], [172, 20]);
    fc.assert(
      fc.property(block, fc.tuple(octet, octet, octet), (prefix, rest) => {
        const bytes = [...prefix, ...rest].slice(0, 4);
        const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
        const hexadecimal = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
        const mapped = `[::ffff:${hexadecimal.slice(0, 2).join("")}:${hexadecimal.slice(2).join("")}]`;
        for (const host of [bytes.join("."), String(number), `0x${number.toString(16)}`, mapped]) {
          expect(findAddressProblem(new URL(`https://${host}/`), TWILIO)).toBe("its address is not public");
        }
      }),
    );
  });
});
