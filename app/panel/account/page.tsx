import type { Metadata } from 'next';
import { getProfile } from '#server/profile/get-profile.ts';
import { Card } from '@/components/card.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { ChangePasswordForm } from './change-password-form.tsx';
import { ProfileForm } from './profile-form.tsx';
import { SessionList } from './session-list.tsx';

export const metadata: Metadata = { title: 'My account' };

export default async function AccountPage() {
  await requireOperator('/panel/account');
  const profile = await read(getProfile, {});
  return (
    <div className="max-w-4xl">
      <PageHeader title="My account" about={`You sign in as ${profile.login}.`} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="Profile">
          <ProfileForm name={profile.name} />
        </Card>
        <Card title="Password" about="Changing it signs your other browsers out.">
          <ChangePasswordForm login={profile.login} />
        </Card>
        <SessionList />
      </div>
    </div>
  );
}
