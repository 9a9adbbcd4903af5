import { useCallback, useEffect, useRef } from 'react';

/** `KeyboardEvent.key` → what it does. */
export type KeyMap = ReadonlyMap<string, () => void>;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"]') !== null
  );
}

/**
 * Single keys, as in Gmail. Nothing happens while somebody types, a dialog or menu is open, or a modifier is held. Answers the
 * handler, so that the frame a message is shown in can pass its keys on.
 */
export function useKeyboard(map: KeyMap): (event: KeyboardEvent) => void {
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  const handle = useCallback((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const run = latest.current.get(event.key);
    if (!run) return;
    event.preventDefault();
    run();
  }, []);
  useEffect(() => {
    document.addEventListener('keydown', handle);
    return () => document.removeEventListener('keydown', handle);
  }, [handle]);
  return handle;
}
