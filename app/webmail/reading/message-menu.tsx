import { Download, Forward, MoreVertical, OctagonAlert, Printer, ReplyAll } from 'lucide-react';
import type { OpenedMessage } from '#server/webmail/types.ts';
import { Button } from '@/components/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu.tsx';
import type { Reader } from '../data/use-open-message.ts';
import { bodyUrl, sourceUrl } from './urls.ts';

export function MessageMenu({ message, reader }: { message: OpenedMessage; reader: Reader }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="More actions">
          <MoreVertical aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-56">
        <DropdownMenuItem className="sm:hidden" onSelect={() => reader.answer('reply-all')}>
          <ReplyAll aria-hidden /> Reply to all
        </DropdownMenuItem>
        <DropdownMenuItem className="sm:hidden" onSelect={() => reader.answer('forward')}>
          <Forward aria-hidden /> Forward
        </DropdownMenuItem>
        <DropdownMenuItem className="sm:hidden" onSelect={() => reader.file('junk')}>
          <OctagonAlert aria-hidden /> Report as junk
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <a href={bodyUrl(message, { images: false, theme: 'light' })} target="_blank" rel="noopener">
            <Printer aria-hidden /> Open on its own, to print
          </a>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <a href={sourceUrl(message)} download>
            <Download aria-hidden /> Download as .eml
          </a>
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
