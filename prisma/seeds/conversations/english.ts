import { people } from '../people.ts';
import type { Conversation } from './types.ts';

export const english: readonly Conversation[] = [
  {
    subject: 'The blue dinghy',
    turns: [
      {
        from: people.ada,
        text: `Hello,

The blue dinghy is ready. We replaced two planks on the port side, and the new varnish has had four dry days, which around here counts as a miracle.

You can fetch her any morning this week. Bring a tide table: the slipway is only kind for about two hours.

Ada`,
      },
      {
        from: 'me',
        text: `That is wonderful news, thank you. Would Thursday at nine suit you? I will bring the trailer and a cake.

One question: did you find out where the water came in?`,
      },
      {
        from: people.ada,
        text: `Thursday at nine it is, and the cake settles the matter.

The water came in through the centreboard case. Someone, long ago, had mended it with candle wax. It held for twenty years, so I cannot even be cross.`,
      },
      {
        from: 'me',
        text: `Candle wax! I think I know exactly who that was. He always said proper sealant was for people with no patience.

See you Thursday.`,
      },
    ],
  },
  {
    subject: 'Minutes and a small confession',
    cc: [people.bram],
    turns: [
      {
        from: people.priya,
        text: `Dear all,

The minutes of Monday's meeting are below.

1. The autumn list has eleven titles. Two are late, one is very late, and we agreed not to say which.
2. The printer's new prices are four per cent higher. Bram will ask again, nicely.
3. The reading room gets a second lamp.

The small confession: I wrote these from memory, because my notes fell into the tea.

Priya`,
      },
      {
        from: people.bram,
        text: `Asked again, nicely. They came down to two and a half per cent and threw in the proofs.

The trick was to admire their new machine for ten minutes first.`,
      },
      {
        from: 'me',
        text: `Well done, Bram. Please admire it once a quarter.

Priya, the minutes are perfect. I would only add that we also agreed on biscuits.`,
      },
    ],
  },
  {
    subject: 'Can the night ferry take a piano?',
    turns: [
      {
        from: people.callum,
        text: `An odd question for you. My daughter has been given an upright piano by her great-aunt, who lives on the island. It weighs about 220 kilos and hates stairs.

Would it be allowed on the car deck of the night ferry, strapped to a wall? And who would one ask?`,
      },
      {
        from: 'me',
        text: `Not odd at all: last year it was a beehive.

The car deck is fine if it stands on a pallet and is wrapped against the salt air. Ask for Ronan at the freight desk before four, tell him the weight, and he will put it amidships, where it moves least.

Do have it tuned only after a fortnight. It will need to get used to the mainland.`,
      },
      {
        from: people.callum,
        text: `Ronan says yes, and that he plays. I believe we will have a concert somewhere around midnight.

Thank you. You will get a recording.`,
      },
    ],
  },
  {
    subject: 'Sunday walk?',
    turns: [
      {
        from: people.ada,
        text: `The forecast has changed its mind and Sunday looks dry until three. Shall we do the headland and be back for soup?`,
      },
      { from: 'me', text: `Yes please. I will make the soup on Saturday, so that it is good.` },
      { from: people.ada, text: `Leek?` },
      { from: 'me', text: `Leek.` },
    ],
  },
  {
    subject: 'Signage for the quay, third draft',
    turns: [
      {
        from: people.bram,
        text: `Attached in spirit, because the files are enormous: the third draft is in the shared folder under Quay.

What has changed:

  * The arrows now agree with each other.
  * "Toilets" is larger than "Heritage Trail", after some debate.
  * All signs are legible from a wheelchair and from a moving bicycle.

Could you check the place names? I do not trust the map, and the map does not trust me.`,
      },
      {
        from: 'me',
        text: `I have been through all nineteen. Two corrections:

  - Sign 7: it is Cooper's Steps, with an apostrophe. There was only one cooper.
  - Sign 12 points into the water. Lovely idea, but not before summer.

Otherwise I am happy, and so is the harbour board.`,
      },
      {
        from: people.bram,
        text: `Both mended. Sign 12 now points at the café, which will surprise nobody.

They go to the workshop on Monday.`,
      },
    ],
  },
];
