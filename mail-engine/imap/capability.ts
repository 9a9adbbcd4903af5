/** What CAPABILITY says, by the session's state (RFC 3501 §6.1.1, §6.2.1). */
import { offeredMechanisms } from '#engine/sasl/mechanisms.ts';
import type { ImapSession } from './session.ts';

const ALWAYS = ['IMAP4rev1', 'LITERAL+', 'SASL-IR', 'ID', 'ENABLE'];

const AFTER_LOGIN = [
  'IDLE',
  'UIDPLUS',
  'MOVE',
  'UNSELECT',
  'NAMESPACE',
  'CHILDREN',
  'SPECIAL-USE',
  'CREATE-SPECIAL-USE',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'STATUS=SIZE',
  'CONDSTORE',
  'QRESYNC',
  'ESEARCH',
  'SEARCHRES',
  'WITHIN',
  'SAVEDATE',
  'OBJECTID',
  'PREVIEW',
  'UTF8=ACCEPT',
  'QUOTA',
  'QUOTA=RES-STORAGE',
];

function beforeLogin(session: ImapSession): string[] {
  const startTls = session.connection.tls ? [] : ['STARTTLS'];
  if (!session.mayAuthenticate) return [...startTls, 'LOGINDISABLED'];
  return [...startTls, ...offeredMechanisms(session.sasl).map((name) => `AUTH=${name}`)];
}

/** `CAPABILITY …`, as a response and as a response code. */
export function formatCapability(session: ImapSession): string {
  const rest = session.account
    ? [...AFTER_LOGIN, `APPENDLIMIT=${session.deps.limits.appendBytes}`]
    : beforeLogin(session);
  return ['CAPABILITY', ...ALWAYS, ...rest].join(' ');
}
