/** Who hosts, who resells, whose domains and whose mailboxes: names are reserved ones, people are invented. */
import type { DemoAccount, DemoDomain, DemoOperator } from './types.ts';

const GIB = 1024 ** 3;

export const demoOperators: readonly DemoOperator[] = [
  { email: 'admin@mailstead.example', name: 'Ines Okafor', role: 'admin' },
  { email: 'desk@fjordhost.example', name: 'Solveig Aune', role: 'reseller', maxDomains: 25, maxAccounts: 500 },
  { email: 'hello@tidewater.example', name: 'Tobias Reyes', role: 'reseller', maxDomains: 10, maxAccounts: 100 },
  { email: 'mira@harbour.example', name: 'Mira Lindqvist', role: 'domain_owner', reseller: 'desk@fjordhost.example' },
  { email: 'jonas@nordlicht.example', name: 'Jonas Brandt', role: 'domain_owner', reseller: 'desk@fjordhost.example' },
  { email: 'rosa@kitchen.example', name: 'Rosa Delgado', role: 'domain_owner', reseller: 'hello@tidewater.example' },
  { email: 'noor@lanternpress.example', name: 'Noor Haddad', role: 'domain_owner' },
];

export const demoDomains: readonly DemoDomain[] = [
  domain('harbour.example', 5, 'mira@harbour.example', 'desk@fjordhost.example'),
  domain('nordlicht.example', 5, 'jonas@nordlicht.example', 'desk@fjordhost.example'),
  domain('kitchen.example', 2, 'rosa@kitchen.example', 'hello@tidewater.example'),
  domain('lanternpress.example', 10, 'noor@lanternpress.example'),
  domain('atelier-moreau.example', 2, 'rosa@kitchen.example', 'hello@tidewater.example'),
  domain('xn--bcherwurm-q9a.example', 1),
];

export const demoAccounts: readonly DemoAccount[] = [
  account('mira@harbour.example', 'Mira Lindqvist', 5, 'busy', ['postmaster', 'captain']),
  account('tom@harbour.example', 'Tom Ashworth', 5, 'busy', ['moorings']),
  account('office@harbour.example', 'Harbour Office', 10, 'quiet', ['info', 'invoices']),
  account('kenji@harbour.example', 'Kenji Watanabe', 5, 'quiet'),
  account('jonas@nordlicht.example', 'Jonas Brandt', 5, 'busy', ['postmaster']),
  account('greta@nordlicht.example', 'Greta Sørensen', 5, 'quiet'),
  account('anneliese@nordlicht.example', 'Anneliese Grünwald', 2, 'quiet', ['buchhaltung']),
  account('rosa@kitchen.example', 'Rosa Delgado', 2, 'busy', ['postmaster', 'hola']),
  account('ilya@kitchen.example', 'Илья Соколов', 2, 'quiet'),
  account('eleni@kitchen.example', 'Ελένη Παπαδάκη', 2, 'quiet'),
  account('noor@lanternpress.example', 'نور حداد', 10, 'busy', ['postmaster', 'rights']),
  account('yael@lanternpress.example', 'יעל אבידן', 10, 'quiet'),
  account('lin@lanternpress.example', '林小雨', 10, 'quiet', ['manuscripts']),
  account('camille@atelier-moreau.example', 'Camille Moreau', 2, 'quiet', ['postmaster', 'bonjour']),
];

function domain(name: string, quotaGib: number, owner?: string, reseller?: string): DemoDomain {
  return { name, defaultQuotaBytes: quotaGib * GIB, ...(owner && { owner }), ...(reseller && { reseller }) };
}

function account(
  address: string,
  displayName: string,
  quotaGib: number,
  mail: DemoAccount['mail'],
  aliases: readonly string[] = [],
): DemoAccount {
  return { address, displayName, quotaBytes: quotaGib * GIB, aliases, mail };
}
