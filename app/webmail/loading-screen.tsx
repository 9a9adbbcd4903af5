import { Skeleton } from '@/components/ui/skeleton.tsx';

/** The three panes before there is anything in them. */
export function WebmailLoading() {
  return (
    <div className="flex h-dvh" aria-busy="true">
      <div className="hidden w-56 space-y-3 border-r bg-sidebar p-4 lg:block">
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <Skeleton key={key} className="h-6" />
        ))}
      </div>
      <div className="w-full space-y-4 border-r p-4 md:w-96">
        {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => (
          <Skeleton key={key} className="h-14" />
        ))}
      </div>
      <div className="hidden flex-1 md:block" />
    </div>
  );
}
