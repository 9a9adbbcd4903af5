/** A mailing list: many short threads by many people, in the owner's own folder for it. */
import { people } from '../people.ts';
import type { Random } from '../random.ts';
import type { Person } from '../types.ts';
import type { Mailing } from './types.ts';

const LIST: Person = { name: 'Wooden boats', address: 'wooden-boats@lists.fairweather-boats.example' };

const POSTERS: readonly [Person, ...Person[]] = [
  people.ada,
  people.bram,
  people.callum,
  people.hanna,
  people.nikos,
  people.lucia,
];

const TOPICS: readonly (readonly [subject: string, question: string, ...answers: string[]])[] = [
  [
    'Larch or oak for a new keel?',
    'The old keel of a six-metre sloop is beyond saving. Oak is what she had, larch is what I can get. Opinions?',
    'Larch, if it grew slowly. Count the rings and ask the tree where it stood.',
    'Oak. But then I am old, and so is everything I sail.',
    'I used larch eleven years ago and still think about it with pleasure.',
  ],
  [
    'Where to buy copper rivets',
    'My usual chandler has closed and become a place for smoothies. Who still sells rivets by weight?',
    'There is a man behind the station who sells them on Wednesdays.',
    'Order early: they come with the spring boat.',
  ],
  [
    'Tar that does not stick to everything',
    'I have tarred the hull, the trestle, the cat and a library book. How do you keep it where it belongs?',
    'Warm tar, cold wood, no cat.',
    'Butter for the cat. Apologise to the library.',
  ],
  [
    'Show your tool roll',
    'Mine has nineteen pockets and I use four. What is in yours?',
    'A chisel from my teacher, a plane from a flea market, and a pencil, always the same pencil.',
    'Mostly sandwiches.',
  ],
  [
    'Steam box: kettle or boiler?',
    'I want to bend eight ribs. Will two kettles do, or do I need a proper boiler?',
    'Two kettles will do six ribs. Invite a friend with a third kettle.',
    'Boiler, if you ever mean to do it again. And you will.',
  ],
  [
    'Names that bring luck',
    'We are renaming her. I know one should not. What ceremony is the least bad?',
    'Thank the old name aloud, on the water, before you say the new one.',
    'Also tell the harbour office. They are more superstitious than they look.',
  ],
  [
    'Leaks above the waterline',
    'She is tight as a bottle below, and rains inside above. Where do I look first?',
    'Every bolt through the deck. Then every bolt again.',
    'The mast collar. It is always the mast collar.',
    'It was the mast collar. Thank you!',
  ],
  [
    'Meeting in June',
    'Who comes to the meeting this year? We have the meadow, the jetty and most of a tent.',
    'Two of us, with a guitar and a promise to play quietly.',
    'Three and a rowing boat.',
    'We bring the other part of the tent.',
  ],
];

export function listPosts(random: Random): Mailing[] {
  return TOPICS.flatMap((topic, index) => thread(topic, 12 + index * 61, random));
}

function thread([subject, ...posts]: (typeof TOPICS)[number], newestHoursAgo: number, random: Random): Mailing[] {
  return posts.map((text, index) => {
    const from = random.pick(POSTERS);
    return {
      from,
      to: [LIST],
      subject: `${index === 0 ? '' : 'Re: '}[wooden-boats] ${subject}`,
      text: `${text}\n\n${from.name}\n\n-- \nwooden-boats: a list for people with splinters\nhttps://lists.fairweather-boats.example/wooden-boats`,
      extra: [
        ['List-Id', 'Wooden boats <wooden-boats.lists.fairweather-boats.example>'],
        ['List-Post', `<mailto:${LIST.address}>`],
        ['List-Help', '<mailto:wooden-boats-help@lists.fairweather-boats.example>'],
        ['List-Unsubscribe', '<mailto:wooden-boats-unsubscribe@lists.fairweather-boats.example>'],
        ['Precedence', 'list'],
      ],
      hoursAgo: newestHoursAgo + (posts.length - 1 - index) * 5,
      folder: 'Lists/Wooden boats',
      flags: newestHoursAgo < 80 ? [] : ['seen'],
    };
  });
}
