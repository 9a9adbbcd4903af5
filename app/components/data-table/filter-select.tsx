'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useTransition } from 'react';
import { withParams } from '@/list-params.ts';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '../ui/select.tsx';

interface FilterSelectProps {
  /** The URL parameter it sets. */
  name: string;
  label: string;
  /** What “no filter” is called. */
  all: string;
  options: readonly { value: string; label: string }[];
}

const ALL = '*';

export function FilterSelect({ name, label, all, options }: FilterSelectProps) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const [pending, startTransition] = useTransition();

  function choose(value: string): void {
    const query = withParams(Object.fromEntries(params), { [name]: value === ALL ? undefined : value });
    startTransition(() => router.replace(pathname + query, { scroll: false }));
  }

  const value = params.get(name) ?? ALL;
  return (
    <Select value={value} onValueChange={choose}>
      <SelectTrigger aria-label={label} aria-busy={pending} className="w-auto min-w-36 max-w-56">
        <SelectValue>{options.find((option) => option.value === value)?.label ?? all}</SelectValue>
      </SelectTrigger>
      <SelectContent>
        <SelectItem value={ALL}>{all}</SelectItem>
        {options.map((option) => (
          <SelectItem key={option.value} value={option.value}>
            {option.label}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
