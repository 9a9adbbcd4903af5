import { LogOut, MonitorSmartphone } from 'lucide-react';
import { listSessions, type SessionView } from '#server/auth/list-sessions.ts';
import { revokeOtherSessionsAction, revokeSessionAction } from '@/actions/profile.ts';
import { DeedButton } from '@/components/act/deed-button.tsx';
import { Card } from '@/components/card.tsx';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { read } from '@/read.ts';
import { findSessionId } from '@/session.ts';
import { describeBrowser } from './describe-browser.ts';

function SessionRow({ session, isThis }: { session: SessionView; isThis: boolean }) {
  const browser = describeBrowser(session.userAgent);
  return (
    <li className="flex flex-wrap items-center gap-3 border-b px-4 py-2.5 last:border-b-0">
      <MonitorSmartphone className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="text-sm">
          {browser} {isThis && <Badge variant="success">This browser</Badge>}
        </p>
        <p className="text-muted-foreground text-xs">
          {session.ip ?? 'unknown address'}, signed in <Time at={session.createdAt} />, last used{' '}
          <Time at={session.seenAt} />
        </p>
      </div>
      {!isThis && (
        <DeedButton
          ids={[session.id]}
          size="sm"
          label="Sign out"
          icon={<LogOut aria-hidden />}
          action={revokeSessionAction}
          done={`${browser} is signed out.`}
        />
      )}
    </li>
  );
}

/** Where the person is signed in. */
export async function SessionList() {
  const sessions = await read(listSessions, {});
  const current = await findSessionId();
  return (
    <Card
      title="Signed in"
      about="Browsers that are signed in as you."
      className="lg:col-span-2"
      flush
      action={
        sessions.length > 1 && (
          <DeedButton
            ids={[]}
            size="sm"
            label="Sign all others out"
            action={revokeOtherSessionsAction}
            done="All other browsers are signed out."
          />
        )
      }
    >
      <ul>
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} isThis={session.id === current} />
        ))}
      </ul>
    </Card>
  );
}
