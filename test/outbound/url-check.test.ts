import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkUrl, type UrlProblem } from "../../src/outbound/url-check.ts";

const ALLOWED = [
  "https://example.com",
  "https://example.com/",
  "https://example.com:443/orders?id=1#top",
  "HTTPS://EXAMPLE.COM/",
  "https://api.example.co.uk/a@b",
  "https://example.com/?mail=a@b.example",
  "https://example.com./",
  "https://bücher.example.com/",
  "https://xn--bcher-kva.example.com/",
  "https://local.example.com/",
  "https://localhost.example.com/",
  "https://internal.example.com/",
  "https://10.example.com/",
  "https://8.8.8.8/",
  "https://1.1.1.1/",
  "https://100.63.255.255/",
  "https://100.128.0.1/",
  "https://172.15.255.255/",
  "https://172.32.0.1/",
  "https://192.167.255.255/",
  "https://192.169.0.1/",
  "https://169.253.255.255/",
  "https://169.255.0.1/",
  "https://198.17.255.255/",
  "https://198.20.0.1/",
  "https://223.255.255.255/",
  "https://9.255.255.255/",
  "https://11.0.0.1/",
  "https://126.255.255.255/",
  "https://128.0.0.1/",
  "https://134744072/",
  "https://[2606:4700:4700::1111]/",
  "https://[2001:4860:4860::8888]/",
  "https://[2001:0200::1]/",
  "https://[2a00:1450::1]/",
] as const;

const REFUSED: readonly (readonly [url: string, problem: UrlProblem])[] = [
  ["", "not a URL"],
  ["example.com", "not a URL"],
  ["/orders", "not a URL"],
  ["https://", "not a URL"],
  ["https://exa mple.com/", "not a URL"],
  ["https://256.1.1.1/", "not a URL"],
  ["https://1.2.3.4.5/", "not a URL"],
  ["https://[::1/", "not a URL"],
  ["https://exam\tple.com/", "not a URL"],
  ["https:/\n/user@example.com/", "not a URL"],
  [`https://example.com/${"a".repeat(8_000)}`, "not a URL"],
  ["http://example.com/", "not https"],
  ["ftp://example.com/", "not https"],
  ["file:///etc/passwd", "not https"],
  ["data:text/plain,hello", "not https"],
  ["javascript:alert(1)", "not https"],
  ["ws://example.com/", "not https"],
  ["gopher://127.0.0.1:70/", "not https"],
  ["https://user:pass@example.com/", "credentials in the URL"],
  ["https://user@example.com/", "credentials in the URL"],
  ["https://@example.com/", "credentials in the URL"],
  ["https://:@example.com/", "credentials in the URL"],
  ["https://example.com@127.0.0.1/", "credentials in the URL"],
  ["https:\\\\user@example.com/", "credentials in the URL"],
  ["https:user@example.com/", "credentials in the URL"],
  ["https://example.com:8443/", "port not allowed"],
  ["https://example.com:80/", "port not allowed"],
  ["https://example.com:22/", "port not allowed"],
  ["https://example.com:0/", "port not allowed"],
  ["https://localhost/", "no public name"],
  ["https://localhost./", "no public name"],
  ["https://LOCALHOST/", "no public name"],
  ["https://ｌocalhost/", "no public name"],
  ["https://%6cocalhost/", "no public name"],
  ["https://api.localhost/", "no public name"],
  ["https://printer.local/", "no public name"],
  ["https://printer.local./", "no public name"],
  ["https://printer.local../", "no public name"],
  ["https://metadata.google.internal/", "no public name"],
  ["https://instance-data.ec2.internal./", "no public name"],
  ["https://router.home.arpa/", "no public name"],
  ["https://nas.lan/", "no public name"],
  ["https://intranet/", "no public name"],
  ["https://metadata/", "no public name"],
  ["https://hidden.onion/", "no public name"],
  ["https://127.0.0.1/", "no public address"],
  ["https://127.0.0.1./", "no public address"],
  ["https://127.1/", "no public address"],
  ["https://127.255.255.255/", "no public address"],
  ["https://2130706433/", "no public address"],
  ["https://0x7f000001/", "no public address"],
  ["https://0x7f.1/", "no public address"],
  ["https://017700000001/", "no public address"],
  ["https://0177.0.0.1/", "no public address"],
  ["https://１２７.０.０.１/", "no public address"],
  ["https://127。0。0。1/", "no public address"],
  ["https://%31%32%37.0.0.1/", "no public address"],
  ["https://0/", "no public address"],
  ["https://0.0.0.0/", "no public address"],
  ["https://10.0.0.1/", "no public address"],
  ["https://10.255.255.255/", "no public address"],
  ["https://012.0.0.1/", "no public address"],
  ["https://100.64.0.1/", "no public address"],
  ["https://100.100.100.200/", "no public address"],
  ["https://100.127.255.255/", "no public address"],
  ["https://169.254.169.254/latest/meta-data/", "no public address"],
  ["https://2852039166/", "no public address"],
  ["https://0xa9.0xfe.0xa9.0xfe/", "no public address"],
  ["https://0251.0376.0251.0376/", "no public address"],
  ["https://169.254.170.2/", "no public address"],
  ["https://168.63.129.16/", "no public address"],
  ["https://172.16.0.1/", "no public address"],
  ["https://172.31.255.255/", "no public address"],
  ["https://192.0.0.192/", "no public address"],
  ["https://192.0.2.1/", "no public address"],
  ["https://192.88.99.1/", "no public address"],
  ["https://192.168.0.1/", "no public address"],
  ["https://192.168.257/", "no public address"],
  ["https://198.18.0.1/", "no public address"],
  ["https://198.19.255.255/", "no public address"],
  ["https://198.51.100.1/", "no public address"],
  ["https://203.0.113.1/", "no public address"],
  ["https://224.0.0.1/", "no public address"],
  ["https://239.255.255.255/", "no public address"],
  ["https://240.0.0.1/", "no public address"],
  ["https://255.255.255.255/", "no public address"],
  ["https://192.175.48.1/", "no public address"],
  ["https://192.52.193.1/", "no public address"],
  ["https://[::]/", "no public address"],
  ["https://[::1]/", "no public address"],
  ["https://[0:0:0:0:0:0:0:1]/", "no public address"],
  ["https://[::ffff:127.0.0.1]/", "no public address"],
  ["https://[::ffff:7f00:1]/", "no public address"],
  ["https://[::ffff:8.8.8.8]/", "no public address"],
  ["https://[::127.0.0.1]/", "no public address"],
  ["https://[64:ff9b::10.0.0.1]/", "no public address"],
  ["https://[64:ff9b::8.8.8.8]/", "no public address"],
  ["https://[64:ff9b:1::1]/", "no public address"],
  ["https://[2620:4f:8000::1]/", "no public address"],
  ["https://[100::1]/", "no public address"],
  ["https://[2001::1]/", "no public address"],
  ["https://[2001:1ff::1]/", "no public address"],
  ["https://[2001:db8::1]/", "no public address"],
  ["https://[2002:7f00:1::]/", "no public address"],
  ["https://[2002:a9fe:a9fe::1]/", "no public address"],
  ["https://[3fff::1]/", "no public address"],
  ["https://[5f00::1]/", "no public address"],
  ["https://[fc00::1]/", "no public address"],
  ["https://[fd00:ec2::254]/", "no public address"],
  ["https://[fe80::1]/", "no public address"],
  ["https://[febf::1]/", "no public address"],
  ["https://[fec0::1]/", "no public address"],
  ["https://[ff02::1]/", "no public address"],
];

describe("checkUrl", () => {
  it.each(ALLOWED)("allows %s", (url) => {
    expect(checkUrl(url)).toEqual({ ok: true, value: new URL(url) });
  });

  it.each(REFUSED)("%j: %s", (url, problem) => {
    expect(checkUrl(url)).toEqual({ ok: false, failure: problem });
  });

  it.each([
    ["http://crm.internal/", "crm.internal"],
    ["https://crm.internal/", "CRM.internal"],
    ["http://crm.internal./", "crm.internal"],
    ["https://crm.internal:8443/", "crm.internal:8443"],
    ["http://crm.internal/", "crm.internal:80"],
    ["http://127.0.0.1:8080/", "127.0.0.1:8080"],
    ["http://2130706433:8080/", "127.0.0.1:8080"],
    ["http://[::1]:8080/", "[::1]:8080"],
    ["http://[::ffff:10.0.0.1]/", "[::ffff:a00:1]"],
    ["http://[64:ff9b::10.0.0.1]/", "[64:ff9b::a00:1]"],
    ["https://example.com:8443/", "example.com:8443"],
  ])("allows %s if %s is allowed", (url, allowed) => {
    expect(checkUrl(url, [allowed]).ok).toBe(true);
  });

  it.each([
    ["http://crm.internal:8080/", "crm.internal", "not https"],
    ["https://crm.internal:8443/", "crm.internal", "no public name"],
    ["https://crm.internal/", "crm.internal:8443", "no public name"],
    ["http://a.crm.internal/", "crm.internal", "not https"],
    ["http://127.0.0.1:8081/", "127.0.0.1:8080", "not https"],
    ["ftp://crm.internal/", "crm.internal", "not https"],
    ["http://user@crm.internal/", "crm.internal", "credentials in the URL"],
    ["http://169.254.169.254/", "169.254.169.254", "no public address"],
    ["http://[fe80::1]/", "[fe80::1]", "no public address"],
    ["http://[fd00:ec2::254]/", "[fd00:ec2::254]", "no public address"],
    ["http://[::ffff:169.254.169.254]/", "[::ffff:a9fe:a9fe]", "no public address"],
    ["http://[::169.254.169.254]/", "[::a9fe:a9fe]", "no public address"],
    ["http://[64:ff9b::169.254.169.254]/", "[64:ff9b::a9fe:a9fe]", "no public address"],
    ["http://[64:ff9b:1::169.254.169.254]/", "[64:ff9b:1::a9fe:a9fe]", "no public address"],
    ["http://[2002:a9fe:a9fe::]/", "[2002:a9fe:a9fe::]", "no public address"],
  ])("refuses %s if %s is allowed", (url, allowed, problem) => {
    expect(checkUrl(url, [allowed])).toEqual({ ok: false, failure: problem });
  });
});

describe("an address", () => {
  const part = fc.nat({ max: 255 });
  const privately = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127, 224, 239, 240, 255), part, part, part),
    fc.tuple(fc.constant(169), fc.constant(254), part, part),
    fc.tuple(fc.constant(192), fc.constant(168), part, part),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), part, part),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), part, part),
  );
  const written = [
    (parts: readonly number[]) => parts.join("."),
    (parts: readonly number[]) => `${parts.join(".")}.`,
    (parts: readonly number[]) => parts.map((each) => `0x${each.toString(16)}`).join("."),
    (parts: readonly number[]) => parts.map((each) => `0${each.toString(8)}`).join("."),
    (parts: readonly number[]) => `${valueOf(parts)}`,
    (parts: readonly number[]) => `0x${valueOf(parts).toString(16)}`,
    (parts: readonly number[]) => `0${valueOf(parts).toString(8)}`,
    (parts: readonly number[]) => `[::ffff:${parts.join(".")}]`,
    (parts: readonly number[]) => `[64:ff9b::${parts.join(".")}]`,
    (parts: readonly number[]) => `[2002:${hex(parts, 0)}:${hex(parts, 2)}::1]`,
  ];

  it("that is private is refused, however it is written", () => {
    fc.assert(
      fc.property(privately, fc.constantFrom(...written), (parts, write) => {
        expect(checkUrl(`https://${write(parts)}/`)).toEqual({ ok: false, failure: "no public address" });
      }),
      { numRuns: 2_000 },
    );
  });

  it("is judged alike in every form of IPv4", () => {
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), fc.constantFrom(...written.slice(0, 7)), (parts, write) => {
        expect(checkUrl(`https://${write(parts)}/`).ok).toBe(checkUrl(`https://${parts.join(".")}/`).ok);
      }),
    );
  });

  it("never makes the check throw", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", "https://", "http:"), (text, scheme) => {
        const checked = checkUrl(scheme + text);
        if (checked.ok) expect(checked.value.protocol).toBe("https:");
      }),
    );
  });
});

function valueOf(parts: readonly number[]): number {
  return parts.reduce((value, each) => value * 256 + each, 0);
}

function hex(parts: readonly number[], from: number): string {
  return valueOf(parts.slice(from, from + 2)).toString(16);
}
