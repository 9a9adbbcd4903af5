'use client';

import { LoaderCircle, Search } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { withParams } from '@/list-params.ts';
import { Input } from '../ui/input.tsx';

const TYPING_PAUSE_MS = 250;

/** Searches as you type; the words go into the URL as `q`. */
export function SearchBox({ label }: { label: string }) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const [pending, startTransition] = useTransition();
  const [text, setText] = useState(params.get('q') ?? '');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => () => clearTimeout(timer.current), []);

  function search(words: string): void {
    clearTimeout(timer.current);
    const target = pathname + withParams(Object.fromEntries(params), { q: words.trim() });
    startTransition(() => router.replace(target, { scroll: false }));
  }

  function change(words: string): void {
    setText(words);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(words), TYPING_PAUSE_MS);
  }

  const Icon = pending ? LoaderCircle : Search;
  return (
    <search className="relative w-full sm:w-64">
      <Icon
        aria-hidden
        className={`absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted-foreground ${pending ? 'animate-spin' : ''}`}
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={200}
        className="pl-8"
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && search(text)}
      />
    </search>
  );
}
