import type { UseQueryResult } from '@tanstack/react-query';
import { PenLine } from 'lucide-react';
import type { FolderInfo } from '#server/webmail/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { Kbd } from '@/components/ui/kbd.tsx';
import { Sheet, SheetContent, SheetTitle } from '@/components/ui/sheet.tsx';
import { AccountMenu } from './account-menu.tsx';
import { FolderList } from './folder-list.tsx';

interface FolderPaneProps {
  folders: UseQueryResult<FolderInfo[]>;
  current: string;
  onCompose: () => void;
  onSettings: () => void;
  onShortcuts: () => void;
}

function FolderPaneContent({
  folders,
  current,
  onCompose,
  onSettings,
  onShortcuts,
  onChosen,
}: FolderPaneProps & { onChosen?: () => void }) {
  return (
    <>
      <div className="flex h-14 shrink-0 items-center px-4">
        <span className="font-semibold text-lg text-foreground tracking-tight">Mailstead</span>
      </div>
      <div className="px-3 pb-3">
        <Button
          size="lg"
          className="w-full justify-start"
          onClick={() => {
            onChosen?.();
            onCompose();
          }}
        >
          <PenLine aria-hidden /> Compose
          <Kbd
            className="ml-auto border-transparent bg-primary-foreground/15 text-primary-foreground max-lg:hidden"
            aria-hidden
          >
            c
          </Kbd>
        </Button>
      </div>
      <nav aria-label="Folders" className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <FolderList folders={folders} current={current} {...(onChosen && { onChosen })} />
      </nav>
      <div className="border-t p-2">
        <AccountMenu onSettings={onSettings} onShortcuts={onShortcuts} />
      </div>
    </>
  );
}

export function FolderPane(props: FolderPaneProps) {
  return (
    <aside className="hidden w-56 shrink-0 flex-col border-r bg-sidebar text-sidebar-foreground lg:flex">
      <FolderPaneContent {...props} />
    </aside>
  );
}

interface FolderSheetProps extends FolderPaneProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The same on a narrow screen, from the side. */
export function FolderSheet({ open, onOpenChange, ...props }: FolderSheetProps) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange}>
      <SheetContent
        side="left"
        className="w-72 bg-sidebar text-sidebar-foreground lg:hidden"
        aria-describedby={undefined}
      >
        <SheetTitle className="sr-only">Folders</SheetTitle>
        <FolderPaneContent {...props} onChosen={() => onOpenChange(false)} />
      </SheetContent>
    </Sheet>
  );
}
