import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog.tsx';
import { Kbd } from '@/components/ui/kbd.tsx';
import { SHORTCUTS } from './mail-keys.ts';

export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="max-w-3xl">
        <DialogHeader>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
          <DialogDescription>They work whenever you are not typing.</DialogDescription>
        </DialogHeader>
        <DialogBody className="grid gap-6 space-y-0 sm:grid-cols-3">
          {SHORTCUTS.map(({ title, keys }) => (
            <section key={title}>
              <h3 className="mb-2 font-medium text-sm">{title}</h3>
              <dl className="space-y-1.5 text-sm">
                {keys.map(([key, what]) => (
                  <div key={key} className="flex items-center gap-2">
                    <dt className="flex w-[5.5rem] shrink-0 gap-1">
                      {key.split(' ').map((cap) => (
                        <Kbd key={cap}>{cap}</Kbd>
                      ))}
                    </dt>
                    <dd className="text-muted-foreground">{what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
