/**
 * What becomes of DSN requests where an address forwards (RFC 3461 §5.2.7). To a single address everything is passed on and
 * nothing is reported here. To several, each gets the requests but for SUCCESS, and who asked for that is told here, once, that the
 * message was expanded.
 */
export interface Propagation {
  notify: string | null;
  orcpt: string | null;
  /** An "expanded" notification is owed. */
  reportsExpansion: boolean;
}

interface ForwardedRequest {
  notify: string | null;
  orcpt: string | null;
}

export function propagateDsn({ notify, orcpt }: ForwardedRequest, sender: string, isAlone: boolean): Propagation {
  const asked = (notify ?? '').toUpperCase().split(',');
  if (isAlone || notify === null || !asked.includes('SUCCESS')) return { notify, orcpt, reportsExpansion: false };
  const rest = asked.filter((event) => event !== 'SUCCESS');
  // Without NOTIFY failures would be reported, which were not asked for.
  const left = rest.length === 0 ? 'NEVER' : rest.join(',');
  return { notify: left, orcpt, reportsExpansion: sender !== '' };
}
