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
  'connections.maxSmtp': defineSetting({
    schema: wholeNumber(1, 100_000),
    default: 200,
    title: 'SMTP connections',
    description: 'How many clients are served at a time, on SMTP and LMTP together.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.maxSubmission': defineSetting({
    schema: wholeNumber(1, 100_000),
    default: 200,
    title: 'Submission connections',
    description: 'How many mail programs send at a time, with STARTTLS and with TLS together.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.maxImap': defineSetting({
    schema: wholeNumber(1, 100_000),
    default: 1_000,
    title: 'IMAP connections',
    description: 'Mail programs keep several of these open all day.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.maxPop3': defineSetting({
    schema: wholeNumber(1, 100_000),
    default: 200,
    title: 'POP3 connections',
    description: 'How many mail programs fetch at a time, with STLS and with TLS together.',
    unit: 'count',
    area: 'connections',
  }),
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
  'connections.maxWaiting': defineSetting({
    schema: wholeNumber(1, 20_000),
    default: 1_000,
    title: 'Clients that may wait',
    description: 'How many wait for a place in a full service before further ones are told to come later.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.maxPerAddress': defineSetting({
    schema: wholeNumber(1, 10_000),
    default: 50,
    title: 'Connections per client address',
    description:
      'How many connections one address (of IPv6 a /64) may hold to a service. Several mail programs often share one address.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.maxPerNetwork': defineSetting({
    schema: wholeNumber(0, 100_000),
    default: 100,
    title: 'Connections per network',
    description: 'How many a /24 of IPv4 or a /48 of IPv6 may hold to a service. 0 sets no limit.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.ratePerAddress': defineSetting({
    schema: wholeNumber(0, 100_000),
    default: 120,
    title: 'New connections a minute per address',
    description: 'Further ones are told to come later. 0 sets no limit.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.ratePerNetwork': defineSetting({
    schema: wholeNumber(0, 100_000),
    default: 300,
    title: 'New connections a minute per network',
    description: 'Counted as above, for a /24 or a /48. 0 sets no limit.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.ownNetworks': defineSetting({
    schema: networkList,
    default: [],
    title: 'Our own machines',
    description:
      'Web nodes, relays and monitors: no limit per address, network or minute, and places beside everybody else’s. This machine always counts as one.',
    unit: 'list',
    area: 'connections',
  }),
  'connections.greetDelaySeconds': defineSetting({
    schema: wholeNumber(0, 60),
    default: 0,
    title: 'Greet SMTP clients after',
    description:
      'A client that talks before it is greeted is a robot in a hurry, and refused with 554. A few seconds are enough; 0 greets at once.',
    unit: 'seconds',
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
} as const;
