'use client';

import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { Examination } from '#server/access-rules/examine-rules.ts';
import { cn } from '@/components/class-names.ts';

interface RemarkListProps {
  remarks: Examination;
  onGoTo: (line: number, column: number) => void;
}

const SHOWN = 20;

/** What is wrong or remarkable, line by line; each leads to its place in the text. */
export function RemarkList({ remarks: { errors, lockouts, warnings }, onGoTo }: RemarkListProps) {
  const all = [
    ...errors.map((remark) => ({ ...remark, grave: true })),
    ...lockouts.map((remark) => ({ ...remark, grave: true })),
    ...warnings.map((remark) => ({ ...remark, grave: false })),
  ];
  if (all.length === 0) return null;
  return (
    <ul className="mt-2 space-y-1">
      {all.slice(0, SHOWN).map(({ line, column, message, grave }) => {
        const Icon = grave ? CircleAlert : TriangleAlert;
        return (
          <li key={`${line}:${column}:${message}`} className="flex items-start gap-2 text-sm">
            <Icon className={cn('mt-0.5 size-4 shrink-0', grave ? 'text-destructive' : 'text-warning')} aria-hidden />
            <p className="min-w-0 break-words">
              <button
                type="button"
                className="rounded-sm font-medium text-primary underline-offset-4 hover:underline"
                onClick={() => onGoTo(line, column)}
              >
                Line {line}
                {column > 1 && `, column ${column}`}
              </button>
              : {message}
            </p>
          </li>
        );
      })}
      {all.length > SHOWN && <li className="text-muted-foreground text-sm">and {all.length - SHOWN} more.</li>}
    </ul>
  );
}
