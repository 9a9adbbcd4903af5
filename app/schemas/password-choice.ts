import { z } from 'zod';
import { newPassword } from './new-password.ts';

/** A password that is generated, or one that is typed. */
export const passwordChoice = z.discriminatedUnion('generate', [
  z.object({ generate: z.literal(true), password: z.string() }),
  z.object({ generate: z.literal(false), password: newPassword }),
]);

/** For an operation that generates one where none is given. */
export function chosenPassword(choice: z.output<typeof passwordChoice>): { password?: string } {
  return choice.generate ? {} : { password: choice.password };
}
