/** Name service as mail routing needs it. Answers are data: only a bug throws. */

export type DnsAnswer<Item> =
  | { kind: 'records'; records: readonly Item[] }
  /** The name does not exist. */
  | { kind: 'nxdomain' }
  /** The name exists without records of this type. */
  | { kind: 'nodata' }
  /** No answer, or the server's own trouble: worth a retry. */
  | { kind: 'failure'; reason: string };

export interface MxRecord {
  preference: number;
  /** Lower-case; empty for the root, which is a null MX (RFC 7505). */
  exchange: string;
}

export interface DnsResolver {
  resolveMx(domain: string): Promise<DnsAnswer<MxRecord>>;
  /** IPv4 or IPv6 addresses of a host; CNAMEs are followed by the server asked. */
  resolveAddresses(host: string, family: 4 | 6): Promise<DnsAnswer<string>>;
  /** Names of an IPv4 or IPv6 address (PTR), in lower case, as they came: whoever uses one checks that it is a host name. */
  resolvePointer(address: string): Promise<DnsAnswer<string>>;
  /** TXT records, the strings of each joined, as bytes one a character. */
  resolveText(name: string): Promise<DnsAnswer<string>>;
  /** Ends questions under way; they answer `failure`. */
  close(): void;
}
