/** Mail with files: invoices as PDF, tickets, photographs, charts in reports, invitations. */
import { drawInvitation } from '../mime/calendar.ts';
import type { Attachment } from '../mime/compose.ts';
import { drawPdf } from '../mime/pdf.ts';
import { drawBars, drawSunset } from '../mime/png.ts';
import { people } from '../people.ts';
import type { Random } from '../random.ts';
import type { Person } from '../types.ts';
import type { Mailing } from './types.ts';

const HOUR = 3_600_000;
const ITEMS: readonly [string, number][] = [
  ['Mooring, south pier', 184],
  ['Electricity, 212 kWh', 61.48],
  ['Fresh water', 9.5],
  ['Sail loft, shelf 3', 22],
];

export function papers(owner: Person, now: Date, random: Random): Mailing[] {
  return [...invoices(random), ...reports(random), photographs(), ticket(), ...invitations(owner, now)];
}

function invoices(random: Random): Mailing[] {
  return Array.from({ length: 14 }, (_, index) => {
    const number = `2026-${String(214 - index * 13).padStart(4, '0')}`;
    const lines = ITEMS.map(([name, price]): [string, number] => [name, price * (0.9 + random.next() * 0.2)]);
    const total = lines.reduce((sum, [, price]) => sum + price, 0);
    const pdf = drawPdf(`Invoice ${number}`, [
      { text: 'Northpier Marina', big: true },
      { text: `Invoice ${number}` },
      { text: ' ' },
      ...lines.map(([name, price]) => ({ text: `${name}  ........  € ${price.toFixed(2)}` })),
      { text: `Total: € ${total.toFixed(2)}`, big: true },
      { text: 'Payable within 30 days. Thank you for keeping the fenders out.' },
    ]);
    return {
      from: { name: 'Northpier Marina', address: 'accounts@northpier.example' },
      subject: `Invoice ${number}`,
      text: `Dear customer,\n\nplease find attached invoice ${number} over € ${total.toFixed(2)}, payable within 30 days.\n\nKind regards\nNorthpier Marina, accounts`,
      attachments: [{ filename: `Invoice-${number}.pdf`, type: 'application/pdf', content: pdf }],
      hoursAgo: 60 + index * 24 * 26,
      folder: index < 2 ? 'INBOX' : 'Receipts',
      flags: index < 1 ? [] : ['seen'],
    };
  });
}

function reports(random: Random): Mailing[] {
  return Array.from({ length: 12 }, (_, index) => {
    const values = Array.from({ length: 7 }, () => 0.2 + random.next() * 0.8);
    const cid = `week-${index}@weather.example`;
    const visitors = Math.round(values.reduce((sum, value) => sum + value, 0) * 130);
    return {
      from: { name: 'Quay counter', address: 'counter@quay-sensors.example' },
      subject: `Weekly count: ${visitors} visitors on the quay`,
      text: `${visitors} people walked past the counter this week. The chart is in the HTML version of this message.`,
      html: `<h1 style="font:600 20px sans-serif">${visitors} visitors</h1><p style="font:15px sans-serif">Monday to Sunday, all gates.</p><p><img src="cid:${cid}" width="420" height="180" alt="A bar for each day"></p>`,
      attachments: [{ filename: 'week.png', type: 'image/png', content: drawBars(values, [38, 110, 140]), cid }],
      hoursAgo: 30 + index * 24 * 7,
      folder: index < 3 ? 'INBOX' : 'Archive',
      flags: index < 1 ? [] : ['seen'],
    };
  });
}

function photographs(): Mailing {
  const sizes: readonly [string, number, number][] = [
    ['evening-1.png', 320, 180],
    ['evening-2.png', 240, 240],
    ['Abendlicht über dem Hafen.png', 400, 160],
  ];
  const attachments = sizes.map(([filename, width, height]): Attachment => {
    return { filename, type: 'image/png', content: drawSunset(width, height) };
  });
  return {
    from: people.callum,
    subject: 'Three evenings from the pier',
    text: 'Same bench, same hour, three different skies. The last one is the best and has the longest name.\n\nCallum',
    attachments,
    hoursAgo: 5,
    flags: ['flagged'],
  };
}

function ticket(): Mailing {
  const pdf = drawPdf('Night ferry', [
    { text: 'Night ferry', big: true },
    { text: 'Harbour to Island, 21:40, deck B, cabin 114' },
    { text: 'One adult, one bicycle, one cello' },
    { text: 'Please be on the quay twenty minutes before departure.' },
  ]);
  return {
    from: { name: 'Island Ferries', address: 'tickets@island-ferries.example' },
    subject: 'Your ticket for the night ferry',
    text: 'Thank you for travelling with us. Your ticket is attached; you need not print it.\n\nThe sea is expected to behave.',
    attachments: [{ filename: 'ticket.pdf', type: 'application/pdf', content: pdf }],
    hoursAgo: 49,
    folder: 'Travel',
    flags: ['seen'],
  };
}

function invitations(owner: Person, now: Date): Mailing[] {
  const plans: readonly [Person, string, string, number, number][] = [
    [people.priya, 'Autumn list: last look', 'Reading room, first floor', 46, 60],
    [people.bram, 'Walk along the new signs', "Cooper's Steps", 120, 90],
    [people.manon, 'Rencontre en librairie', 'Librairie Lefèvre, 12 rue du Port', 75, 120],
  ];
  return plans.map(([organizer, title, place, inHours, minutes], index) => {
    const start = new Date(Math.ceil(now.getTime() / HOUR) * HOUR + inHours * HOUR);
    const calendar = drawInvitation({
      uid: `plan-${index}@${organizer.address.split('@')[1]}`,
      ...{ title, place, start, minutes, organizer, attendees: [owner], sent: now },
    });
    return {
      from: organizer,
      subject: `Invitation: ${title}`,
      text: `${organizer.name} invites you.\n\n${title}\n${place}\n${start.toUTCString()}, ${minutes} minutes`,
      calendar,
      attachments: [{ filename: 'invite.ics', type: 'application/ics', content: Buffer.from(calendar) }],
      hoursAgo: 9 + index * 16,
      flags: index === 0 ? [] : ['seen'],
    };
  });
}
