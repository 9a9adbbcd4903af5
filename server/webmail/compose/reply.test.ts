import { describe, expect, test } from 'vitest';
import { chooseRecipients, chooseSender, joinReferences, prefixSubject } from './reply.ts';

const person = (address: string) => ({ name: '', address });
const self = person('me@here.example');
const message = {
  from: [person('ana@x.example')],
  replyTo: [],
  to: [self, person('bo@x.example')],
  cc: [person('cy@x.example')],
};

describe('recipients', () => {
  test('a reply goes to the author', () => {
    expect(chooseRecipients(message, self, 'reply')).toEqual({ to: [person('ana@x.example')], cc: [] });
  });
  test('or where the author wants it', () => {
    const replyTo = [person('list@x.example')];
    expect(chooseRecipients({ ...message, replyTo }, self, 'reply').to).toEqual(replyTo);
  });
  test('a reply to all leaves oneself out, whatever the case, and names nobody twice', () => {
    const to = [person('ME@here.example'), person('bo@x.example'), person('Ana@x.example')];
    expect(chooseRecipients({ ...message, to }, self, 'reply-all')).toEqual({
      to: [person('ana@x.example')],
      cc: [person('bo@x.example'), person('cy@x.example')],
    });
  });
  test('one’s own message is answered to whom it went', () => {
    expect(chooseRecipients({ ...message, from: [self], to: [person('bo@x.example')] }, self, 'reply').to).toEqual([
      person('bo@x.example'),
    ]);
  });
  test('a forward goes to nobody yet', () => {
    expect(chooseRecipients(message, self, 'forward')).toEqual({ to: [], cc: [] });
  });
});

test.each([
  ['Hello', 'reply', 'Re: Hello'],
  ['Re: Hello', 'reply', 'Re: Hello'],
  ['AW: Hallo', 'reply', 'Re: Hallo'],
  ['RE[2]: Hello', 'reply', 'Re: Hello'],
  ['Re: Hello', 'forward', 'Fwd: Re: Hello'],
  ['WG: Hallo', 'forward', 'Fwd: Hallo'],
  ['', 'reply', 'Re: '],
] as const)('the subject %j of a %s', (subject, mode, expected) => {
  expect(prefixSubject(subject, mode)).toBe(expected);
});

describe('references', () => {
  test('are those of the answered and its id', () => {
    expect(joinReferences('<a@x>\r\n <b@x>', '<b@x>', '<c@x>')).toEqual(['<a@x>', '<b@x>', '<c@x>']);
  });
  test('begin with In-Reply-To where there are none', () => {
    expect(joinReferences('', '<b@x>', '<c@x>')).toEqual(['<b@x>', '<c@x>']);
  });
  test('keep the first and the newest when there are too many', () => {
    const many = Array.from({ length: 200 }, (_item, index) => `<${index}@x>`).join(' ');
    const ids = joinReferences(many, '', '<last@x>');
    expect(ids).toHaveLength(50);
    expect([ids[0], ids.at(-1)]).toEqual(['<0@x>', '<last@x>']);
  });
  test('of rubbish are none', () => {
    expect(joinReferences('<<<>>> rubbish', '', '')).toEqual([]);
  });
});

describe('an answer comes from', () => {
  const self = { name: 'Ada', address: 'ada@one.example' };
  const senders = ['ada@one.example', 'Sales@one.example', 'info@one.example'];
  const choose = (to: string[], cc: string[] = [], from = 'bo@there.example') =>
    chooseSender(
      {
        from: [{ name: '', address: from }],
        replyTo: [],
        to: to.map((address) => ({ name: '', address })),
        cc: cc.map((address) => ({ name: '', address })),
      },
      self,
      senders,
    );

  test('the address the message went to, where one may write as it', () => {
    expect(choose(['sales@ONE.example'])).toBe('Sales@one.example');
    expect(choose(['other@there.example'], ['info@one.example'])).toBe('info@one.example');
    expect(choose(['bo@there.example'], [], 'info@one.example')).toBe('info@one.example');
  });

  test('the own address everywhere else', () => {
    expect(choose(['sales@one.example', 'ada@one.example'])).toBeNull();
    expect(choose(['boss@one.example'])).toBeNull();
    expect(choose([])).toBeNull();
  });
});
