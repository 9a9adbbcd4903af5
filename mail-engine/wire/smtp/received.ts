/** The Received field this server puts before a message (RFC 5321 §4.4), with what TLS and AUTH did (RFC 3848, RFC 6531 §4.3). */

export interface ReceivedFacts {
  helo: string;
  peer: string;
  /** By reverse look-up. */
  peerName: string | null;
  hostname: string;
  extended: boolean;
  lmtp: boolean;
  tls: { protocol: string; cipher: string } | null;
  authenticated: boolean;
  smtpUtf8: boolean;
  id: string;
  /** Only where there is exactly one: further recipients are nobody else's business (§7.2). */
  recipient: string | undefined;
  at: Date;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** date-time of RFC 5322 §3.3, in UTC. */
export function formatDateTime(at: Date): string {
  const day = `${DAYS[at.getUTCDay()]}, ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

/** IANA's mail transmission types (RFC 3848, RFC 6531 §4.3): ESMTP, ESMTPSA, UTF8SMTPS, LMTPS, UTF8LMTP and so on. */
function transmissionType(facts: ReceivedFacts): string {
  if (!facts.extended) return 'SMTP';
  const protocol = facts.lmtp ? 'LMTP' : 'SMTP';
  const plain = facts.lmtp ? 'LMTP' : 'ESMTP';
  return `${facts.smtpUtf8 ? `UTF8${protocol}` : plain}${facts.tls ? 'S' : ''}${facts.authenticated ? 'A' : ''}`;
}

export function formatReceived(facts: ReceivedFacts): string {
  const literal = facts.peer.includes(':') ? `[IPv6:${facts.peer}]` : `[${facts.peer}]`;
  const name = facts.peerName === null ? '' : `${facts.peerName} `;
  const tls = facts.tls ? `\r\n\t(using ${facts.tls.protocol} with cipher ${facts.tls.cipher})` : '';
  const recipient = facts.recipient === undefined ? '' : `\r\n\tfor <${facts.recipient}>`;
  return (
    `Received: from ${facts.helo} (${name}${literal})\r\n` +
    `\tby ${facts.hostname} with ${transmissionType(facts)} id ${facts.id}${tls}${recipient};\r\n` +
    `\t${formatDateTime(facts.at)}\r\n`
  );
}
