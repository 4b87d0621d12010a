/**
 * Decides which addresses are public, by IANA's special-purpose registries for IPv4 and IPv6 and the metadata services
 * of clouds.
 */

const IPV4_BLOCKS = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  // An address of Azure's platform services inside a public block.
  "168.63.129.16/32",
].map(parseBlock);

/**
 * @param address four decimal numbers, as in a parsed URL
 * @returns null if the text is not an IPv4 address
 */
export function isPublicIpv4(address: string): boolean | null {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/u.test(address)) return null;
  const value = toAddressNumber(address);
  return !IPV4_BLOCKS.some(({ first, size }) => value >= first && value < first + size);
}

/**
 * Whether the address is public, which means within 2000::/3. Addresses that embed an IPv4 address (mapped, NAT64,
 * 6to4, Teredo) are never public, because no server needs them.
 * @param address as in a parsed URL, without brackets
 */
export function isPublicIpv6(address: string): boolean {
  const [first = 0, second = 0] = parseLeadingGroups(address);
  if (first < 0x2000 || first > 0x3fff) return false;
  const isProtocol = first === 0x2001 && second < 0x0200;
  const isDocumentation = (first === 0x2001 && second === 0x0db8) || (first === 0x3fff && second < 0x1000);
  return !isProtocol && !isDocumentation && first !== 0x2002;
}

/** Returns the first two of the eight groups. */
function parseLeadingGroups(address: string): readonly number[] {
  const [head = ""] = address.split("::", 1);
  const groups = head === "" ? [] : head.split(":").map((group) => Number.parseInt(group, 16));
  return [groups[0] ?? 0, groups[1] ?? 0];
}

function parseBlock(written: string): { readonly first: number; readonly size: number } {
  const [address = "", bits = ""] = written.split("/");
  return { first: toAddressNumber(address), size: 2 ** (32 - Number(bits)) };
}

function toAddressNumber(address: string): number {
  return address.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}
