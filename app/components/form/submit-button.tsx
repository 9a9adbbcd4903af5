'use client';

import { useSyncExternalStore } from 'react';
import { Button, type ButtonProps } from '../ui/button.tsx';

const never = (): (() => void) => () => undefined;

/** False in the server's HTML and until React has taken the page over. */
function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** Submits only once React handles the form: before that, the browser's own submission would lose what was typed. */
export function SubmitButton({ disabled, ...props }: ButtonProps) {
  const hydrated = useHydrated();
  return <Button type="submit" disabled={disabled || !hydrated} {...props} />;
}
