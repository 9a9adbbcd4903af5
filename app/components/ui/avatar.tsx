import { cn } from '../class-names.ts';

const HUES = [20, 55, 95, 150, 200, 240, 285, 330] as const;

function hashOf(text: string): number {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}

function initialsOf(name: string): string {
  const words = name
    .replace(/@.*/, '')
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase() || '?';
}

interface AvatarProps {
  /** A name or an address: the initials come from it, and always the same colour. */
  name: string;
  className?: string;
}

/** Initials on a colour of the name's own. Decoration: the name itself must stand beside it. */
export function Avatar({ name, className }: AvatarProps) {
  const hue = HUES[hashOf(name.toLowerCase()) % HUES.length] ?? HUES[0];
  return (
    <span
      aria-hidden
      style={{ backgroundColor: `oklch(0.46 0.09 ${hue})` }}
      className={cn(
        'inline-grid size-7 shrink-0 select-none place-items-center rounded-full font-semibold text-white text-xs',
        className,
      )}
    >
      {initialsOf(name)}
    </span>
  );
}
