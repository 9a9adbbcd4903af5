/** A delivery status notification (RFC 3464) about a message to an address that no longer exists. */
import type { Person } from '../types.ts';

export function composeBounce(owner: Person, date: Date, id: string): Buffer {
  const domain = owner.address.split('@')[1];
  const boundary = `=_bounce_${id}`;
  const at = date.toUTCString().replace('GMT', '+0000');
  return Buffer.from(
    [
      ...[`Date: ${at}`, `From: Mail Delivery System <mailer-daemon@${domain}>`, `To: <${owner.address}>`],
      ...[
        'Subject: Your message could not be delivered',
        `Message-ID: <${id}@mail.${domain}>`,
        'Auto-Submitted: auto-replied',
      ],
      ...[
        'MIME-Version: 1.0',
        'Content-Type: multipart/report; report-type=delivery-status;',
        ` boundary="${boundary}"`,
        '',
      ],
      ...[`--${boundary}`, 'Content-Type: text/plain; charset=utf-8', ''],
      ...[`This is the mail system at mail.${domain}, about the message you sent.`, ''],
      ...['It could not be delivered to:', '', '  <old.pier@northpier.example>', '  There is no such mailbox.', ''],
      ...[`--${boundary}`, 'Content-Type: message/delivery-status', ''],
      ...[`Reporting-MTA: dns; mail.${domain}`, `Arrival-Date: ${at}`, ''],
      ...['Final-Recipient: rfc822; old.pier@northpier.example', 'Action: failed', 'Status: 5.1.1'],
      ...['Remote-MTA: dns; mx.northpier.example', 'Diagnostic-Code: smtp; 550 5.1.1 no such user here', ''],
      ...[`--${boundary}`, 'Content-Type: text/rfc822-headers', ''],
      ...[`From: <${owner.address}>`, 'To: old.pier@northpier.example', 'Subject: Are you still there?', ''],
      ...[`--${boundary}--`, ''],
    ].join('\r\n'),
  );
}
