import type { LucideIcon } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { Kbd } from '@/components/ui/kbd.tsx';
import { Tooltip } from '@/components/ui/tooltip.tsx';

interface IconButtonProps {
  label: string;
  icon: LucideIcon;
  onClick: () => void;
  /** Shown in the tooltip. */
  shortcut?: string;
  pressed?: boolean;
  disabled?: boolean;
  className?: string;
}

export function IconButton({ label, icon: Icon, onClick, shortcut, pressed, disabled, className }: IconButtonProps) {
  const tip = (
    <>
      {label}
      {shortcut && <Kbd className="ml-1.5 border-background/30 bg-background/15 text-background">{shortcut}</Kbd>}
    </>
  );
  return (
    <Tooltip label={tip} side="bottom">
      <Button
        variant="ghost"
        size="icon"
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onClick}
        className={className}
      >
        <Icon aria-hidden />
      </Button>
    </Tooltip>
  );
}
