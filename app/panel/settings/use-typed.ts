import { useState } from 'react';

/** What is typed in a setting's field: what is saved, until the person changes it, and again whenever that changes. */
export function useTyped(saved: string): [typed: string, setTyped: (typed: string) => void] {
  const [shown, setShown] = useState(saved);
  const [typed, setTyped] = useState(saved);
  if (shown !== saved) {
    setShown(saved);
    setTyped(saved);
  }
  return [typed, setTyped];
}
