import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import type { Person } from '#server/webmail/types.ts';
import { cn } from '@/components/class-names.ts';
import { Avatar } from '@/components/ui/avatar.tsx';
import { getJson } from '../data/api.ts';
import { formatPerson, personName } from '../format.ts';
import { joinPeople, parseAddresses } from './addresses.ts';

interface RecipientsFieldProps {
  label: string;
  people: readonly Person[];
  onChange: (people: Person[]) => void;
  autoFocus?: boolean;
}

const COMMIT_KEYS = new Set(['Enter', ',', ';', 'Tab']);

/** Addresses as chips; whom one wrote to before is offered while typing. */
export function RecipientsField({ label, people, onChange, autoFocus }: RecipientsFieldProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [wrong, setWrong] = useState(false);
  const suggestions = useSuggestions(text, people);

  const commit = (given: string): boolean => {
    const { people: found, rest } = parseAddresses(given);
    if (found.length > 0) onChange(joinPeople(people, found));
    setText(rest);
    setWrong(rest !== '');
    return rest === '';
  };
  const choose = (person: Person): void => {
    onChange(joinPeople(people, [person]));
    setText('');
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const suggested = suggestions[active];
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (suggestions.length === 0) return;
      event.preventDefault();
      setActive((active + (event.key === 'ArrowDown' ? 1 : suggestions.length - 1)) % suggestions.length);
    } else if (event.key === 'Escape' && suggestions.length > 0) {
      event.preventDefault();
      setText('');
    } else if (event.key === 'Backspace' && text === '') onChange(people.slice(0, -1));
    else if (COMMIT_KEYS.has(event.key) && text.trim() !== '') {
      if (event.key !== 'Tab') event.preventDefault();
      if (suggested && !parseAddresses(text).people.length) choose(suggested);
      else commit(text);
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData.getData('text');
    if (!/[,;\n]/.test(pasted)) return;
    event.preventDefault();
    commit(`${text}${pasted}`);
  };
  return (
    <div className="relative flex items-start gap-1 px-4 py-1.5">
      <label htmlFor={id} className="w-14 shrink-0 py-1 text-muted-foreground text-sm">
        {label}
      </label>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1">
        {people.map((person) => (
          <Chip
            key={person.address}
            person={person}
            onRemove={() => onChange(people.filter((other) => other !== person))}
          />
        ))}
        <input
          id={id}
          role="combobox"
          aria-expanded={suggestions.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-invalid={wrong || undefined}
          aria-activedescendant={suggestions.length > 0 ? `${id}-${active}` : undefined}
          // biome-ignore lint/a11y/noAutofocus: the window was opened to write in it
          autoFocus={autoFocus}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setWrong(false);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => text.trim() !== '' && commit(text)}
          autoComplete="off"
          spellCheck={false}
          className={cn(
            'h-7 min-w-32 flex-1 bg-transparent outline-none',
            wrong && 'text-destructive underline decoration-wavy',
          )}
        />
      </div>
      {suggestions.length > 0 && <SuggestionList id={id} people={suggestions} active={active} onChoose={choose} />}
    </div>
  );
}

function useSuggestions(text: string, people: readonly Person[]): Person[] {
  const needle = useDeferredValue(text.trim());
  const { data } = useQuery({
    queryKey: ['suggest', needle],
    queryFn: ({ signal }) => getJson<Person[]>('suggest', { text: needle }, signal),
    enabled: needle !== '',
    staleTime: 60_000,
  });
  if (text.trim() === '' || needle === '') return [];
  const taken = new Set(people.map(({ address }) => address.toLowerCase()));
  return (data ?? []).filter(({ address }) => !taken.has(address.toLowerCase()));
}

function Chip({ person, onRemove }: { person: Person; onRemove: () => void }) {
  return (
    <span
      className="inline-flex h-6 max-w-full items-center gap-1 rounded-full bg-accent pr-0.5 pl-2.5 text-accent-foreground text-sm"
      title={formatPerson(person)}
    >
      <span className="truncate" dir="auto">
        {personName(person)}
      </span>
      <button
        type="button"
        onClick={onRemove}
        aria-label={`Remove ${person.address}`}
        className="grid size-5 place-items-center rounded-full hover:bg-foreground/10"
      >
        <X className="size-3" aria-hidden />
      </button>
    </span>
  );
}

interface SuggestionListProps {
  id: string;
  people: readonly Person[];
  active: number;
  onChoose: (person: Person) => void;
}

function SuggestionList({ id, people, active, onChoose }: SuggestionListProps) {
  return (
    <div
      id={`${id}-list`}
      role="listbox"
      aria-label="Suggestions"
      className="absolute top-full left-16 z-10 w-80 max-w-[calc(100%-5rem)] rounded-lg border bg-surface p-1 shadow-floating"
    >
      {people.map((person, index) => (
        <div
          key={person.address}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // Before the field loses the focus, and with it what was typed.
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(person);
          }}
          className={cn(
            'flex cursor-default items-center gap-2.5 rounded-md px-2 py-1.5 hover:bg-accent',
            index === active && 'bg-accent',
          )}
        >
          <Avatar name={personName(person)} className="size-6" />
          <span className="min-w-0">
            <span className="block truncate text-sm" dir="auto">
              {personName(person)}
            </span>
            {person.name && <span className="block truncate text-muted-foreground text-xs">{person.address}</span>}
          </span>
        </div>
      ))}
    </div>
  );
}
