import { signIn } from 'next-auth/react';

export type SignInProblem = 'wrong' | 'throttled' | 'suspended' | 'unreachable';

const REASONS: readonly SignInProblem[] = ['wrong', 'throttled', 'suspended'];

/** Signs this browser in; undefined when it worked, else why not. */
export async function enter(login: string, password: string): Promise<SignInProblem | undefined> {
  try {
    const answer = await signIn('credentials', { login, password, redirect: false });
    if (answer?.ok && !answer.error) return undefined;
    return REASONS.find((reason) => reason === answer?.error) ?? 'unreachable';
  } catch {
    return 'unreachable'; // the request did not get through
  }
}
