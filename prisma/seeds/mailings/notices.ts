/** The small machine-made mail of every mailbox: parcels, backups, bookings, sign-ins. */
import type { Random } from '../random.ts';
import type { Mailing } from './types.ts';

const BOATS = ['Kittiwake', 'Morning Star', 'Zephyr', 'Little Auk', 'Seven Bells'] as const;

type Draft = Pick<Mailing, 'from' | 'subject' | 'text'>;

const KINDS: readonly [(random: Random) => Draft, ...((random: Random) => Draft)[]] = [
  (random) => {
    const parcel = `SB${random.between(10_000_000, 99_999_999)}`;
    return {
      from: { name: 'Snowbird Parcels', address: 'noreply@snowbird-parcels.example' },
      subject: `Parcel ${parcel} is on its way`,
      text: `Your parcel ${parcel} has left the depot and should reach you ${random.pick(['tomorrow', 'on Thursday', 'before noon', 'in two days'])}.\n\nIf nobody is at home we try the neighbour with the green door.`,
    };
  },
  (random) => {
    const gigabytes = random.between(12, 19);
    return {
      from: { name: 'Backup', address: 'backup@harbour.example' },
      subject: `Backup finished: ${gigabytes} GB, no errors`,
      text: `The nightly backup finished at 0${random.between(2, 4)}:${random.between(10, 59)}.\n\n  Files changed  ${random.between(120, 900)}\n  Copied         ${gigabytes} GB\n  Errors         0\n\nThe last restore test was ${random.between(2, 9)} days ago and passed.`,
    };
  },
  (random) => {
    const boat = random.pick(BOATS);
    return {
      from: { name: 'Berth bookings', address: 'bookings@northpier.example' },
      subject: `New booking: ${boat}, ${random.between(1, 5)} nights`,
      text: `${boat} (${random.between(6, 14)} m) has booked a berth at the visitors' pontoon.\n\nArrival is planned for the ${random.pick(['morning', 'afternoon', 'evening'])} tide. They ask for ${random.pick(['shore power', 'a quiet corner', 'a place away from the fuel dock', 'nothing in particular'])}.`,
    };
  },
  (random) => ({
    from: { name: 'Library', address: 'desk@town-library.example' },
    subject: random.pick([
      'A book you asked for has arrived',
      'Two books are due next week',
      'Your reservation is ready',
    ]),
    text: `Good day,\n\n"${random.pick(['The Weather of Small Islands', 'A Field Guide to Bridges', 'Collected Letters, volume II', 'Bread and Its Enemies'])}" is waiting at the desk, on the shelf with your letter. We keep it for ten days.\n\nThe library`,
  }),
  (random) => ({
    from: { name: 'Weather desk', address: 'warnings@weather.example' },
    subject: `Wind ${random.pick(['5 to 6', '6 to 7', '4, gusts 6'])} from the ${random.pick(['west', 'south-west', 'north'])} tonight`,
    text: `Small craft should be on double lines by ${random.between(18, 22)}:00. The wind goes down before ${random.between(5, 8)} in the morning.\n\nNext report at midnight.`,
  }),
];

export function notices(random: Random, count: number): Mailing[] {
  return Array.from({ length: count }, (_, index) => ({
    ...random.pick(KINDS)(random),
    extra: [['Auto-Submitted', 'auto-generated']],
    hoursAgo: 3 + index * 37 + random.between(0, 20),
    folder: index < 25 ? 'INBOX' : 'Archive',
    flags: random.chance(index < 6 ? 0.3 : 0.95) ? ['seen'] : [],
  }));
}
