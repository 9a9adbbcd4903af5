/** The three messages of the interop tests: plain, HTML with an inline image, and one with a 20 MB attachment. */
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';

/** Bytes that do not compress and are the same every time. */
function pseudoRandomBytes(size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let index = 0; blocks.length * 32 < size; index++)
    blocks.push(createHash('sha256').update(`block ${index}`).digest());
  return Buffer.concat(blocks).subarray(0, size);
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

function compose(options: object): Promise<Buffer> {
  return new MailComposer({
    from: 'Grace Hopper <grace@sender.example>',
    date: new Date('2026-11-01T10:00:00Z'),
    ...options,
  })
    .compile()
    .build();
}

/** CRLF line ends, as on the wire. */
export async function sampleMessages(to: string): Promise<{ plain: Buffer; html: Buffer; large: Buffer }> {
  const plain = await compose({
    to,
    subject: 'Plain words',
    messageId: '<plain@sender.example>',
    text: 'Good morning.\n.\n..two dots\nBye\n',
  });
  const html = await compose({
    to,
    subject: 'Grüße mit Bild',
    messageId: '<html@sender.example>',
    text: 'Ein Bild.',
    html: '<p>Ein <b>Bild</b>: <img src="cid:pixel@sender.example" alt=""></p>',
    attachments: [{ filename: 'pixel.png', content: PIXEL, cid: 'pixel@sender.example' }],
  });
  const large = await compose({
    to,
    subject: 'Twenty megabytes',
    messageId: '<large@sender.example>',
    text: 'Attached.',
    attachments: [{ filename: 'blocks.bin', content: pseudoRandomBytes(20 * 1024 * 1024) }],
  });
  const crlf = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
  return { plain: crlf(plain), html: crlf(html), large: crlf(large) };
}

/** What was sent, out of what was fetched: the trace fields in front are dropped, the rest must be equal byte for byte. */
export function withoutTrace(fetched: Buffer, sent: Buffer): Buffer {
  return fetched.subarray(Math.max(0, fetched.length - sent.length));
}
