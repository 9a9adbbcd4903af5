/** Invitations (RFC 5545, RFC 5546 §3.2.2). */
import type { Person } from '../types.ts';

export interface Invitation {
  uid: string;
  title: string;
  place: string;
  start: Date;
  minutes: number;
  organizer: Person;
  attendees: readonly Person[];
  sent: Date;
}

export function drawInvitation(invitation: Invitation): string {
  const end = new Date(invitation.start.getTime() + invitation.minutes * 60_000);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Harbour//Calendar//EN',
    'METHOD:REQUEST',
    'BEGIN:VEVENT',
    `UID:${invitation.uid}`,
    'SEQUENCE:0',
    `DTSTAMP:${stamp(invitation.sent)}`,
    `DTSTART:${stamp(invitation.start)}`,
    `DTEND:${stamp(end)}`,
    `SUMMARY:${escapeText(invitation.title)}`,
    `LOCATION:${escapeText(invitation.place)}`,
    `ORGANIZER;CN="${invitation.organizer.name}":mailto:${invitation.organizer.address}`,
    ...invitation.attendees.map(
      ({ name, address }) => `ATTENDEE;CN="${name}";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${address}`,
    ),
    'STATUS:CONFIRMED',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ];
  return lines.map(fold).join('\r\n');
}

function stamp(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');
}

/** Lines of at most 75 octets (RFC 5545 §3.1); 18 characters are never more. */
function fold(line: string): string {
  if (Buffer.byteLength(line) <= 75) return line;
  const characters = Array.from(line);
  const lines: string[] = [];
  for (let at = 0; at < characters.length; at += 18) lines.push(characters.slice(at, at + 18).join(''));
  return lines.join('\r\n ');
}
