import { createNetworkSet } from '../../input/network.ts';
import { defineSetting, networkList, oneOf, wholeNumber } from '../define-setting.ts';

const WHEN_FULL = { wait: 'Clients wait their turn', refuse: 'Clients are told to come later' } as const;
const REVERSE_LOOKUP = {
  off: 'Not looked up',
  name: 'Looked up',
  confirmed: 'Looked up and confirmed',
} as const;

/** Webmail comes from here without a PROXY header. */
const WEBMAIL = ['127.0.0.1', '::1'] as const;

const proxyNetworks = networkList.refine((networks) => {
  const set = createNetworkSet(networks);
  return !WEBMAIL.some((address) => set.has(address));
}, 'Webmail of this machine comes from 127.0.0.1 and ::1. Let a proxy on this machine connect from 127.0.0.2, and list that.');

export const connectionsSettings = {
  'connections.whenFull': defineSetting({
    schema: oneOf(WHEN_FULL),
    default: 'wait',
    choices: WHEN_FULL,
    title: 'When a service is full',
    description:
      'A waiting client hears nothing until a place is free, as with tcpserver; one told to come later gets 421 or BYE at once.',
    unit: 'choice',
    area: 'connections',
  }),
  'connections.proxyNetworks': defineSetting({
    schema: proxyNetworks,
    default: [],
    title: 'PROXY protocol from',
    description:
      'Load balancers that say whose connection they pass on (PROXY protocol 1 or 2). From these addresses the header is required, from all others it is refused.',
    unit: 'list',
    area: 'connections',
  }),
  'connections.reverseLookup': defineSetting({
    schema: oneOf(REVERSE_LOOKUP),
    default: 'off',
    choices: REVERSE_LOOKUP,
    title: 'Names of clients',
    description:
      'Looked up in the DNS for access rules with “=host” and for the trace of a message. A confirmed name leads back to the address (tcpserver -p).',
    unit: 'choice',
    area: 'connections',
  }),
  'connections.maxPerService': defineSetting({
    schema: wholeNumber(1, 100_000),
    default: 200,
    title: 'Connections per service',
    description: 'How many clients each of SMTP, submission, IMAP and POP3 serves at a time.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.maxPerAddress': defineSetting({
    schema: wholeNumber(1, 10_000),
    default: 50,
    title: 'Connections per client address',
    description:
      'How many connections one address may hold to a service. Several mail programs often share one address.',
    unit: 'count',
    area: 'connections',
  }),
} as const;
