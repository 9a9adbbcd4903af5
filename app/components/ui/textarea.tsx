import type { ComponentProps } from 'react';
import { cn } from '../class-names.ts';
import { fieldClasses } from './input.tsx';

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cn(fieldClasses, 'min-h-20 py-1.5', className)} {...props} />;
}
