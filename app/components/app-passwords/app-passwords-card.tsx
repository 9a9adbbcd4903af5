import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { getAppPasswords } from '#server/app-passwords/get-app-passwords.ts';
import { demandAppPasswordsAction, waiveAppPasswordsAction } from '@/actions/app-passwords.ts';
import { read } from '@/read.ts';
import { DeedButton } from '../act/deed-button.tsx';
import { Card } from '../card.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { AppPasswordRow } from './app-password-row.tsx';

function Requirement({ accountId, areRequired }: { accountId: string; areRequired: boolean }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-t px-4 py-2.5">
      <p className="min-w-48 flex-1 text-pretty text-muted-foreground text-xs">
        {areRequired
          ? 'Mail programs must use an app password: the mailbox’s own password opens webmail alone.'
          : 'Mail programs may use an app password or the mailbox’s own password.'}
      </p>
      {areRequired ? (
        <DeedButton
          ids={[accountId]}
          size="sm"
          label="Allow the mailbox password"
          action={waiveAppPasswordsAction}
          undo={demandAppPasswordsAction}
          done="Mail programs may use the mailbox password."
        />
      ) : (
        <DeedButton
          ids={[accountId]}
          size="sm"
          label="Require app passwords"
          action={demandAppPasswordsAction}
          undo={waiveAppPasswordsAction}
          done="Mail programs must use app passwords."
          confirm={{
            title: 'Require app passwords?',
            description:
              'Mail programs that use the mailbox’s own password are signed out until they get an app password.',
            confirm: 'Require app passwords',
          }}
        />
      )}
    </div>
  );
}

interface AppPasswordsCardProps {
  /** Left out: the signed-in mailbox owner's own. */
  accountId?: string;
  /** Button that makes one; its owner alone has it. */
  action?: ReactNode;
  className?: string;
}

/** A mailbox's app passwords: what they were last used for, and their end. */
export async function AppPasswordsCard({ accountId, action, className }: AppPasswordsCardProps) {
  const view = await read(getAppPasswords, accountId === undefined ? {} : { accountId });
  return (
    <Card
      title="App passwords"
      about="One for each mail program, so that none needs the password that opens everything."
      flush
      action={action}
      {...(className !== undefined && { className })}
    >
      {view.appPasswords.length === 0 ? (
        <EmptyState icon={KeyRound} title="No app passwords" className="py-8">
          {action
            ? 'Make one for your phone or your computer’s mail program. It can be revoked without changing anything else.'
            : 'The mailbox’s owner makes them in webmail, under Security.'}
        </EmptyState>
      ) : (
        <ul>
          {view.appPasswords.map((appPassword) => (
            <AppPasswordRow key={appPassword.id} appPassword={appPassword} />
          ))}
        </ul>
      )}
      <Requirement accountId={view.accountId} areRequired={view.areRequired} />
    </Card>
  );
}
