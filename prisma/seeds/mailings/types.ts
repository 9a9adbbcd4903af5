/** Mail that is not a conversation: what it says, and where and how it lies in the mailbox. */
import type { Letter } from '../mime/compose.ts';
import type { DemoFlag } from '../types.ts';

export type Mailing = Omit<Letter, 'to' | 'date' | 'messageId'> & {
  /** Before the present moment. */
  hoursAgo: number;
  folder?: string;
  flags?: readonly DemoFlag[];
  /** Where it does not go to the owner alone. */
  to?: Letter['to'];
};
