import { toast } from 'sonner';
import { guardUnload } from './guard-unload.ts';

/** While a message is held the browser asks before the page is left. */
export function holdThenSend(seconds: number, send: () => void, takeBack: () => void): void {
  if (seconds === 0) {
    send();
    return;
  }
  const release = guardUnload();
  const finish = (then: () => void): void => {
    clearTimeout(timer);
    release();
    toast.dismiss(id);
    then();
  };
  const timer = setTimeout(() => finish(send), seconds * 1000);
  const id = toast('Sending…', {
    duration: seconds * 1000,
    action: { label: 'Undo', onClick: () => finish(takeBack) },
  });
}
