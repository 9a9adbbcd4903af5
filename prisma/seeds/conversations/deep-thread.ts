/** One long conversation: the kind that makes a thread view earn its keep. */
import { people } from '../people.ts';
import type { Conversation, Turn } from './types.ts';

const SAYINGS: readonly string[] = [
  'Shall we paint the boathouse door this year? It has been "nearly red" since I can remember.',
  'Yes. Which red, though? There is the red of the lifeboat and the red of the post van.',
  'The post van fades. I vote lifeboat.',
  'The lifeboat red needs three coats, and the door only has patience for two.',
  'What about green?',
  'Green! Next to the nets? Nobody would ever find the door again.',
  'I found a tin of "Harbour Grey" in the shed. Unopened. It is from before the flood.',
  'That tin is older than the door.',
  'Grey would at least match the weather.',
  'I asked my neighbour, who paints theatres. She says blue, and then she walked away.',
  'She may be right. Blue hides fingerprints, gulls and opinions.',
  'Which blue?',
  'Not again.',
  'I made a list of the blues. There are eleven. I have crossed out four because of their names.',
  'Please tell me "Mermaid Whisper" is one of the four.',
  'It was the first.',
  'I tried three of the others on the back of the door, where only mice can judge.',
  'And?',
  'In the morning the left one wins, in the evening the right one. Nobody likes the middle.',
  'Then paint it with both and let the light decide.',
  'That is either very wise or very lazy.',
  'Those are often neighbours.',
  'I have two hours on Saturday and two brushes.',
  'I have one brush and a thermos.',
  'Saturday, then. If it rains, we meet anyway and drink the thermos.',
  'It did not rain! The door is blue. Both blues. A gull has already signed it.',
  'I walked past this evening. It looks as if it had never been any other colour.',
  'So next year, the window frames?',
];

const SPEAKERS: readonly Turn['from'][] = [people.ada, 'me', people.callum, people.ada, 'me', people.bram];

const [first = '', ...more] = SAYINGS;

export const deepThread: Conversation = {
  subject: 'The boathouse door',
  cc: [people.callum, people.bram],
  turns: [
    { from: people.ada, text: first },
    ...more.map((text, index): Turn => ({ from: SPEAKERS[(index + 1) % SPEAKERS.length] ?? 'me', text })),
  ],
};
