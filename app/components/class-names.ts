import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({ extend: { classGroups: { shadow: ['shadow-raised', 'shadow-floating'] } } });

/** Joins class names; of two that set the same property the later wins. */
export function cn(...names: ClassValue[]): string {
  return merge(clsx(names));
}
