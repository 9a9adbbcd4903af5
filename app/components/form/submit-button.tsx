'use client';

import { type MouseEvent, useSyncExternalStore } from 'react';
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

/**
 * For buttons below a form's fields: pressing one leaves the focus where it is. A field that is left says what is wrong with it, and the
 * button would move from under the pointer before the click counts.
 */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

/** Submits only once React handles the form: before that, the browser's own submission would lose what was typed. */
export function SubmitButton({ disabled, ...props }: ButtonProps) {
  const hydrated = useHydrated();
  return <Button type="submit" onMouseDown={keepFocus} disabled={disabled || !hydrated} {...props} />;
}
