/** The mail that says that mail is held: to the owner of the mailbox, and to who hosts it or the domain. Plain text, no content of others. */
import { randomUUID } from 'node:crypto';
import { formatDateTime } from '#engine/wire/smtp/received.ts';

export interface NoticeFacts {
  hostname: string;
  now: Date;
}

function compose({ hostname, now }: NoticeFacts, to: string, subject: string, lines: readonly string[]): Buffer {
  const fields = [
    `From: Postmaster <postmaster@${hostname}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Date: ${formatDateTime(now)}`,
    `Message-ID: <${randomUUID()}@${hostname}>`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ];
  return Buffer.from([...fields, '', ...lines, ''].join('\r\n'));
}

export function composeForOwner(facts: NoticeFacts, address: string, reason: string): Buffer {
  return compose(facts, address, 'Your outgoing mail is held', [
    `Mail sent from ${address} is held since ${formatDateTime(facts.now)}.`,
    '',
    `${reason}.`,
    '',
    'Nothing is lost: what you send is kept, and leaves as soon as your postmaster',
    'releases it. Mail to you arrives as always.',
    '',
    'If you did not send much mail, somebody else may know your password: change it',
    'now, and tell your postmaster.',
  ]);
}

export function composeForHost(facts: NoticeFacts, to: string, address: string, reason: string): Buffer {
  return compose(facts, to, `Outgoing mail of ${address} is held`, [
    `Mail sent from ${address} is held since ${formatDateTime(facts.now)}.`,
    '',
    `${reason}.`,
    '',
    'Look at it in the panel under "Held mail": release it, which is one click and',
    'lets the mailbox send again, delete it, or suspend the mailbox. The owner has',
    'been told.',
  ]);
}

export function composeForHostOfForwards(facts: NoticeFacts, to: string, domain: string, reason: string): Buffer {
  return compose(facts, to, `Forwarded mail of ${domain} is held`, [
    `Mail that addresses of ${domain} forward to other servers is held since`,
    `${formatDateTime(facts.now)}.`,
    '',
    `${reason}.`,
    '',
    'Look at it in the panel under "Held mail": release it, which is one click and',
    'lets the domain forward again, or delete it, and look at what its addresses',
    'forward where. Those who wrote have not been told. Mail to mailboxes of the',
    'domain arrives as always.',
  ]);
}
