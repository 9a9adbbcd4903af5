/** The mail that says that outgoing mail is held: to the owner of the mailbox, and to who hosts it. Plain text, no content of others. */
import { randomUUID } from 'node:crypto';
import { formatDateTime } from '#engine/wire/smtp/received.ts';
import type { HeldAccount } from './untold-holds.ts';

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

export function composeForOwner(facts: NoticeFacts, { address, reason }: HeldAccount): Buffer {
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

export function composeForHost(facts: NoticeFacts, to: string, { address, reason }: HeldAccount): Buffer {
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
