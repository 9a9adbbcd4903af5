'use client';

import { type RefObject, useState } from 'react';
import { cn } from '@/components/class-names.ts';
import { fieldClasses } from '@/components/ui/input.tsx';

export type LineMark = 'error' | 'warning' | 'lockout' | 'hit';

interface RulesEditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** By line, from 1. */
  marks: ReadonlyMap<number, LineMark>;
  describedBy: string;
  invalid: boolean;
  area: RefObject<HTMLTextAreaElement | null>;
}

/** Height of a line and the space above the first, in pixels: what lies under the text must keep to them. */
export const LINE_PX = 20;
const PADDING_PX = 8;
const MIN_ROWS = 14;

const MARK_CLASSES: Readonly<Record<LineMark, string>> = {
  error: 'bg-destructive-soft',
  lockout: 'bg-destructive-soft',
  warning: 'bg-warning-soft',
  hit: 'bg-accent',
};

function lineNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A plain text field with numbered lines, some of them marked. Lines do not wrap: one rule is one line. */
export function RulesEditor({ label, value, onChange, marks, describedBy, invalid, area }: RulesEditorProps) {
  const [scrolled, setScrolled] = useState(0);
  const lines = lineNumbers(value.split('\n').length);
  const shift = { transform: `translateY(${PADDING_PX - scrolled}px)` };
  return (
    <div className="relative overflow-hidden rounded-md bg-surface">
      <div aria-hidden className="pointer-events-none absolute inset-0" style={shift}>
        {[...marks].map(([line, mark]) => (
          <div
            key={line}
            className={cn('absolute inset-x-0 h-5', MARK_CLASSES[mark])}
            style={{ top: (line - 1) * LINE_PX }}
          />
        ))}
      </div>
      <div aria-hidden className="pointer-events-none absolute inset-y-0 left-0 w-11 overflow-hidden border-r">
        <div style={shift}>
          {lines.map((line) => (
            <div
              key={line}
              className={cn(
                'h-5 pr-2 text-right font-mono text-muted-foreground text-xs leading-5',
                marks.has(line) && 'font-semibold text-foreground',
              )}
            >
              {line}
            </div>
          ))}
        </div>
      </div>
      <textarea
        ref={area}
        value={value}
        rows={Math.min(30, Math.max(MIN_ROWS, lines.length + 1))}
        wrap="off"
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        className={cn(
          fieldClasses,
          'relative block resize-y overflow-auto bg-transparent py-2 pr-3 pl-14 font-mono text-sm leading-5',
        )}
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      />
    </div>
  );
}
