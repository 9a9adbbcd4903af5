import { Skeleton } from '@/components/ui/skeleton.tsx';

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

export default function PanelLoading() {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      <Skeleton className="mb-2 h-6 w-44" />
      <Skeleton className="mb-5 h-4 w-72 max-w-full" />
      <div className="rounded-lg border bg-surface shadow-raised">
        {ROWS.map((row) => (
          <div key={row} className="flex items-center gap-6 border-b px-4 py-3 last:border-b-0">
            <Skeleton className="h-4 w-1/4" />
            <Skeleton className="h-4 w-1/3" />
            <Skeleton className="ml-auto h-4 w-16" />
          </div>
        ))}
      </div>
    </div>
  );
}
