import type { NavigationGroup } from '@/navigation.ts';
import { NavIcon } from './nav-icon.tsx';
import { NavLink } from './nav-link.tsx';

export function PanelNav({ groups }: { groups: readonly NavigationGroup[] }) {
  return (
    <nav aria-label="Panel" className="flex-1 space-y-5 overflow-y-auto px-3 py-2">
      {groups.map((group) => (
        <div key={group.label}>
          <p className="px-2.5 pb-1 font-medium text-muted-foreground text-xs">{group.label}</p>
          <ul className="space-y-0.5">
            {group.items.map((item) => (
              <li key={item.href}>
                <NavLink href={item.href} exact={item.href === '/panel'}>
                  <NavIcon icon={item.icon} />
                  {item.label}
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
