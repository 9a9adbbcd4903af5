/** What a PROXY protocol header says (HAProxy's proxy-protocol.txt, versions 1 and 2). */

export interface ProxyEndpoint {
  /** IPv4, or IPv6 in canonical form. */
  address: string;
  port: number;
}

export interface ProxyHeader {
  /** Bytes it took. */
  length: number;
  /**
   * The client and what it connected to; null where the header speaks of the connection itself: LOCAL (the balancer's own
   * health check), UNKNOWN and UNSPEC, or a family that is not of IP.
   */
  proxied: { source: ProxyEndpoint; destination: ProxyEndpoint } | null;
}

/** What arrived cannot become a header, however much follows. */
export class ProxySyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProxySyntaxError';
  }
}
