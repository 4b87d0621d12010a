import ipaddr from "ipaddr.js";

/** Why a host is not on the public internet. */
export type HostProblem = "no public address" | "no public name";

/**
 * Decides whether a host may be on the public internet. No other module knows which addresses and names are private.
 * @param hostname of a parsed URL: in lower case, IPv4 as four decimal numbers, IPv6 in brackets
 * @returns null if the host may be public
 */
export function hostProblem(hostname: string): HostProblem | null {
  const address = parseAddress(hostname);
  if (address !== null) return isPublicAddress(address) ? null : "no public address";
  const labels = hostname.replace(/\.+$/u, "").split(".");
  return labels.length < 2 || PRIVATE_LABELS.has(labels.at(-1) ?? "") ? "no public name" : null;
}

/**
 * Detects link-local addresses and AWS's `fd00:ec2::/32`, which serve cloud credentials. An IPv4 address counts in
 * every IPv6 form that a translator may convert back.
 * @param hostname as in `hostProblem`
 */
export function isMetadataAddress(hostname: string): boolean {
  const address = parseAddress(hostname);
  if (address === null) return false;
  if (isIpv4(address)) return address.range() === "linkLocal";
  if (address.range() === "linkLocal" || address.match(AWS_METADATA)) return true;
  return embeddedIpv4(address)?.range() === "linkLocal";
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Top-level labels that are used in private networks or that no resolver may know (RFC 6761, RFC 8375, ICANN's
 * .internal).
 */
const PRIVATE_LABELS = new Set(
  "localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|test|invalid|example|onion|alt".split("|"),
);

/** Address of Azure's platform services, inside a public block. */
const AZURE_SERVICES = ipaddr.IPv4.parseCIDR("168.63.129.16/32");

const AWS_METADATA = ipaddr.IPv6.parseCIDR("fd00:ec2::/32");

/** The only IPv6 block from which public addresses are assigned. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Uses the library's special-purpose ranges. Every IPv6 address that embeds an IPv4 address (mapped, NAT64, 6to4,
 * Teredo) is rejected, even if the embedded one is public: servers have no need of such a form.
 */
function isPublicAddress(address: Address): boolean {
  const isExtraRefused = isIpv4(address) ? address.match(AZURE_SERVICES) : !address.match(GLOBAL_UNICAST);
  return address.range() === "unicast" && !isExtraRefused;
}

/** Prefixes of IPv6 addresses that embed an IPv4 address, with the index of the first of its two groups. */
const EMBEDDINGS = (
  [
    ["::/96", 6], // IPv4-compatible (RFC 4291)
    ["::ffff:0:0/96", 6], // IPv4-mapped (RFC 4291)
    ["::ffff:0:0:0/96", 6], // IPv4-translated (RFC 2765)
    ["64:ff9b::/96", 6], // NAT64 (RFC 6052)
    ["64:ff9b:1::/48", 6], // NAT64 of a local network (RFC 8215)
    ["2002::/16", 1], // 6to4 (RFC 3056)
  ] as const
).map(([block, group]) => ({ block: ipaddr.IPv6.parseCIDR(block), group }));

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const embedding = EMBEDDINGS.find(({ block }) => address.match(block));
  if (embedding === undefined) return null;
  const first = embedding.group * 2;
  return new ipaddr.IPv4(address.toByteArray().slice(first, first + 4));
}

/** @returns the address, or null if the host is a name */
function parseAddress(hostname: string): Address | null {
  if (hostname.startsWith("[")) return ipaddr.IPv6.parse(hostname.slice(1, -1));
  return ipaddr.IPv4.isValidFourPartDecimal(hostname) ? ipaddr.IPv4.parse(hostname) : null;
}

function isIpv4(address: Address): address is ipaddr.IPv4 {
  return address.kind() === "ipv4";
}
