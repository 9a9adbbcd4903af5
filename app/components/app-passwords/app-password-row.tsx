import { KeyRound, Trash2, TriangleAlert } from 'lucide-react';
import type { AppPasswordView } from '#server/app-passwords/app-password-view.ts';
import { revokeAppPasswordsAction } from '@/actions/app-passwords.ts';
import { DeedButton } from '../act/deed-button.tsx';
import { Time } from '../time.tsx';
import { Badge } from '../ui/badge.tsx';
import { refusalWords, SCOPE_NAMES, serviceName } from './words.ts';

function State({ appPassword: { state, scopes } }: { appPassword: AppPasswordView }) {
  if (state === 'revoked') return <Badge variant="destructive">Revoked</Badge>;
  if (state === 'expired') return <Badge variant="warning">Expired</Badge>;
  return scopes.map((scope) => (
    <Badge key={scope} variant="primary">
      {SCOPE_NAMES[scope]}
    </Badge>
  ));
}

function End({ appPassword: { state, revoked, expiresAt } }: { appPassword: AppPasswordView }) {
  if (revoked) {
    return (
      <>
        , revoked <Time at={revoked.at} /> by {revoked.by}
      </>
    );
  }
  if (expiresAt === null) return null;
  return (
    <>
      , {state === 'expired' ? 'expired' : 'expires'} <Time at={expiresAt} />
    </>
  );
}

function LastUse({ lastUsed }: Pick<AppPasswordView, 'lastUsed'>) {
  if (!lastUsed) return 'Never used';
  return (
    <>
      Last used <Time at={lastUsed.at} /> for {serviceName(lastUsed.service)} from {lastUsed.from}
    </>
  );
}

export function AppPasswordRow({ appPassword }: { appPassword: AppPasswordView }) {
  const { id, label, state, networks, createdAt, lastUsed, lastRefused } = appPassword;
  return (
    <li className="flex flex-wrap items-center gap-3 border-b px-4 py-2.5 last:border-b-0">
      <KeyRound className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <div className="min-w-48 flex-1">
        <p className="flex min-w-0 flex-wrap items-center gap-1.5 text-sm">
          <span className="min-w-0 break-words font-medium">{label}</span>
          <State appPassword={appPassword} />
        </p>
        <p className="text-muted-foreground text-xs">
          <LastUse lastUsed={lastUsed} />. Made <Time at={createdAt} />
          <End appPassword={appPassword} />.
        </p>
        {networks.length > 0 && (
          <p className="break-words text-muted-foreground text-xs">Only from {networks.join(', ')}.</p>
        )}
        {lastRefused && (
          <p className="flex items-start gap-1 text-warning text-xs">
            <TriangleAlert className="mt-0.5 size-3 shrink-0" aria-hidden />
            <span>
              Last refused <Time at={lastRefused.at} />: {refusalWords(lastRefused)}.
            </span>
          </p>
        )}
      </div>
      {state !== 'revoked' && (
        <DeedButton
          ids={[id]}
          size="sm"
          label="Revoke"
          icon={<Trash2 aria-hidden />}
          action={revokeAppPasswordsAction}
          done={`“${label}” is revoked.`}
          confirm={{
            title: `Revoke “${label}”?`,
            description: 'Whatever is signed in with it is signed out at once. This cannot be undone.',
            confirm: 'Revoke',
          }}
        />
      )}
    </li>
  );
}
