import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';

export function expectNoArgument(argument: string): void {
  if (argument !== '') throw new SmtpSyntaxError('5.5.4', 'This command takes no parameters');
}
