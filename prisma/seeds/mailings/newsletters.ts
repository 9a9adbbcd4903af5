/** Three newsletters that come through the year. */
import type { Person } from '../types.ts';
import { newsletterPage, newsletterText, type Story } from './newsletter-page.ts';
import type { Mailing } from './types.ts';

interface Paper {
  from: Person;
  brand: string;
  colour: string;
  host: string;
  everyDays: number;
  issues: number;
  subject: (issue: number) => string;
  greeting: string;
  footer: string;
  stories: readonly Story[];
}

const TIDE: Paper = {
  from: { name: 'The Tide Letter', address: 'letter@tide-letter.example' },
  brand: 'The Tide Letter',
  colour: '#17566b',
  host: 'tide-letter.example',
  everyDays: 14,
  issues: 20,
  subject: (issue) => `The Tide Letter, no. ${issue}: slow news from the shore`,
  greeting: 'Good morning. Put the kettle on: this takes as long as one cup.',
  footer: 'You get this letter because you asked for it at the end of a pier.',
  stories: [
    {
      title: 'The lighthouse that moved',
      text: 'Forty metres inland, on rails, at the speed of a thoughtful snail. We talked to the woman who steered it.',
      link: 'lighthouse',
    },
    {
      title: 'What gulls remember',
      text: 'A patient study of chips, faces and grudges, carried out over nine summers on one bench.',
      link: 'gulls',
    },
    {
      title: 'Knots you already know',
      text: 'Your shoes are tied with one of the oldest knots there is. Here are four more that want to be friends.',
      link: 'knots',
    },
    {
      title: 'A harbour in winter',
      text: 'Twelve photographs of ropes under snow, and one of a dog that was supposed to be a rope.',
      link: 'winter',
    },
    {
      title: 'The ferry timetable, read aloud',
      text: 'An actor reads the whole of it, including the footnotes. It is unexpectedly moving.',
      link: 'timetable',
    },
    { title: 'Seaweed for beginners', text: 'Which to eat, which to admire, and which to step over.', link: 'seaweed' },
    {
      title: 'Letters to the tide',
      text: 'We asked readers what they would write to the sea. Most of them apologised.',
      link: 'letters',
    },
  ],
};

const PANTRY: Paper = {
  from: { name: 'Pantry & Page', address: 'hello@pantry-and-page.example' },
  brand: 'Pantry &amp; Page',
  colour: '#9a3b1f',
  host: 'pantry-and-page.example',
  everyDays: 7,
  issues: 26,
  subject: (issue) => `This week on the stove: issue ${issue}`,
  greeting: 'Three things to cook, one thing to read, nothing to buy.',
  footer: 'Written at a kitchen table. Corrections are welcome, above all of the salt.',
  stories: [
    {
      title: 'Onions, and only onions',
      text: 'A pound of them, a low flame and the better part of an evening. The result keeps for a week and improves everything.',
      link: 'onions',
    },
    {
      title: 'Bread for people who forget',
      text: 'A dough that forgives a late start, a long walk and a telephone call from your sister.',
      link: 'bread',
    },
    {
      title: 'The soup with no name',
      text: 'It has been made in this house every Monday for thirty years. We finally wrote it down.',
      link: 'soup',
    },
    {
      title: 'A drawer of spices, put in order',
      text: 'By colour? By alphabet? By who gave them to you? We tried all three.',
      link: 'spices',
    },
    { title: 'Plums, before they are gone', text: 'A cake, a chutney and a compote from one basket.', link: 'plums' },
    {
      title: 'Reading while stirring',
      text: 'Short stories timed to risotto: eighteen minutes, one hand free.',
      link: 'stirring',
    },
  ],
};

const RELEASE: Paper = {
  from: { name: 'Loom release notes', address: 'releases@loom-tools.example' },
  brand: 'Loom',
  colour: '#3d3a8c',
  host: 'loom-tools.example',
  everyDays: 30,
  issues: 10,
  subject: (issue) => `Loom ${Math.floor(issue / 4) + 3}.${issue % 4} is out`,
  greeting: 'A calm release: fewer clicks, fewer surprises.',
  footer: 'Loom Tools, 4 Weaver Row. We write once a month and never on Mondays.',
  stories: [
    {
      title: 'Search finds what you meant',
      text: 'Words with and without accents are now the same words, and typing errors are forgiven up to a point.',
      link: 'search',
    },
    {
      title: 'Undo, everywhere',
      text: 'Ten more actions can be taken back. The eleventh is deleting your account, and we thought about it.',
      link: 'undo',
    },
    { title: 'Keyboard all the way', text: 'Every menu has a key. Press the question mark to see them.', link: 'keys' },
    {
      title: 'Exports that open elsewhere',
      text: 'Plain files with plain names. Take your things with you whenever you like.',
      link: 'exports',
    },
  ],
};

export function newsletters(): Mailing[] {
  return [TIDE, PANTRY, RELEASE].flatMap((paper, index) => issuesOf(paper, 20 + index * 9));
}

function issuesOf(paper: Paper, newestHoursAgo: number): Mailing[] {
  return Array.from({ length: paper.issues }, (_, index) => {
    const issue = paper.issues - index;
    const { brand, colour, host, greeting, footer } = paper;
    const stories = [0, 1, 2].map((offset) => paper.stories[(issue + offset * 2) % paper.stories.length] as Story);
    const page = { brand, colour, host, greeting, footer, stories, preheader: stories[0]?.text ?? '' };
    return {
      from: paper.from,
      subject: paper.subject(issue),
      text: newsletterText(page),
      html: newsletterPage(page),
      extra: [
        ['List-Unsubscribe', `<https://${host}/unsubscribe>, <mailto:unsubscribe@${host}>`],
        ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
        ['List-Id', `${paper.from.name.replaceAll('&', 'and')} <news.${host}>`],
      ],
      hoursAgo: newestHoursAgo + index * paper.everyDays * 24,
      folder: index < 4 ? 'INBOX' : 'Archive',
      flags: index < 2 ? [] : ['seen'],
    };
  });
}
