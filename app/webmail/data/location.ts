/** What is on screen, in the URL: folder, open message, search. Back and forward work, links can be kept. */
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';

export interface MailPlace {
  folder: string;
  uid: number | null;
  query: string;
}

function toSearch({ folder, uid, query }: MailPlace): string {
  const params = new URLSearchParams();
  if (folder !== 'INBOX') params.set('folder', folder);
  if (uid !== null) params.set('message', String(uid));
  if (query !== '') params.set('q', query);
  const text = params.toString();
  return text === '' ? '/webmail' : `/webmail?${text}`;
}

export function placeHref(place: MailPlace): string {
  return toSearch(place);
}

export function useMailPlace(): MailPlace {
  const params = useSearchParams();
  return useMemo(() => {
    const uid = Number(params.get('message'));
    return {
      folder: params.get('folder') ?? 'INBOX',
      uid: Number.isSafeInteger(uid) && uid > 0 ? uid : null,
      query: params.get('q') ?? '',
    };
  }, [params]);
}

/** `replace` leaves no step to go back to: for what the program, not the person, chose. */
export function goTo(place: MailPlace, how: 'push' | 'replace' = 'push'): void {
  const href = toSearch(place);
  if (how === 'push') window.history.pushState(null, '', href);
  else window.history.replaceState(null, '', href);
}
