import type { Metadata } from 'next';
import { listSettings, type SettingView } from '#server/settings/list-settings.ts';
import { Card } from '@/components/card.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { TextLink } from '@/components/text-link.tsx';
import { Time } from '@/components/time.tsx';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { AddressSetting } from './address-setting.tsx';
import { ChoiceSetting } from './choice-setting.tsx';
import { ListSetting } from './list-setting.tsx';
import { NumberSetting } from './number-setting.tsx';
import { SwitchSetting } from './switch-setting.tsx';

export const metadata: Metadata = { title: 'Settings' };

const AREAS: Readonly<Record<SettingView['area'], string>> = {
  mail: 'Mail',
  smtp: 'SMTP service',
  limits: 'Sending limits',
  queue: 'Queue',
  connections: 'Connections',
  'sign-in': 'Sign-in',
  audit: 'Audit log',
};

function Control({ setting }: { setting: SettingView }) {
  const { key, title, unit, value } = setting;
  if (typeof value === 'boolean') return <SwitchSetting settingKey={key} title={title} value={value} />;
  if (unit === 'address' && typeof value === 'string') {
    return <AddressSetting settingKey={key} title={title} value={value} isDefault={value === setting.default} />;
  }
  if (typeof value === 'string') {
    return <ChoiceSetting settingKey={key} title={title} choices={setting.choices ?? {}} value={value} />;
  }
  if (typeof value !== 'number') {
    const isDefault = setting.changed === null;
    return <ListSetting settingKey={key} title={title} value={value} isDefault={isDefault} />;
  }
  return (
    <NumberSetting settingKey={key} title={title} unit={unit} value={value} isDefault={value === setting.default} />
  );
}

function SettingRow({ setting }: { setting: SettingView }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-b px-4 py-3 last:border-b-0">
      <div className="min-w-0 max-w-xl flex-1 basis-64">
        <p className="font-medium text-sm">{setting.title}</p>
        <p className="text-pretty text-muted-foreground text-xs">{setting.description}</p>
        {setting.changed && (
          <p className="mt-0.5 text-muted-foreground text-xs">
            Changed by {setting.changed.by} <Time at={setting.changed.at} />
          </p>
        )}
      </div>
      <Control setting={setting} />
    </li>
  );
}

export default async function SettingsPage() {
  await requireOperator('/panel/settings');
  const settings = await read(listSettings, {});
  const areas = Object.keys(AREAS) as SettingView['area'][];
  return (
    <div className="max-w-4xl">
      <PageHeader title="Settings" about="Changes take effect at once, without a restart." />
      <nav aria-label="Areas" className="mb-4 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {areas.map((area) => (
          <TextLink key={area} href={`#${area}`}>
            {AREAS[area]}
          </TextLink>
        ))}
      </nav>
      <div className="space-y-4">
        {areas.map((area) => (
          <div key={area} id={area} className="scroll-mt-16">
            <Card title={AREAS[area]} flush>
              <ul>
                {settings
                  .filter((setting) => setting.area === area)
                  .map((setting) => (
                    <SettingRow key={setting.key} setting={setting} />
                  ))}
              </ul>
            </Card>
          </div>
        ))}
      </div>
    </div>
  );
}
