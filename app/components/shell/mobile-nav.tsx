'use client';

import { Menu } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Sheet, SheetContent, SheetTitle, SheetTrigger } from '../ui/sheet.tsx';

/** The sidebar on a phone: behind a button, and gone once a page was chosen. */
export function MobileNav({ title, children }: { title: string; children: ReactNode }) {
  const pathname = usePathname();
  const [openOn, setOpenOn] = useState<string>();
  return (
    <Sheet open={openOn === pathname} onOpenChange={(open) => setOpenOn(open ? pathname : undefined)}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon" className="md:hidden" aria-label="Open navigation">
          <Menu aria-hidden />
        </Button>
      </SheetTrigger>
      <SheetContent side="left" className="w-72 bg-sidebar pt-3" aria-describedby={undefined}>
        <SheetTitle className="px-5 pb-3">{title}</SheetTitle>
        {children}
      </SheetContent>
    </Sheet>
  );
}
