import { pino } from 'pino';
import { expect, it } from 'vitest';
import { CENSORED, censorBelow, SECRET_FIELDS } from './log-censor.ts';

/** What a logger writes for `log`. */
function written(log: (to: pino.Logger) => void): Record<string, unknown> {
  const lines: string[] = [];
  const redact = { paths: SECRET_FIELDS, censor: CENSORED };
  log(pino({ redact, formatters: { log: censorBelow } }, { write: (text: string) => void lines.push(text) }));
  return JSON.parse(lines.join('')) as Record<string, unknown>;
}

it('fields that hold secrets are not written, nor those one level below', () => {
  const fields = {
    password: 'hunter2',
    token: { value: 'x' },
    user: { cookie: 'c', name: 'ann' },
    list: [1],
    none: null,
  };
  expect(written((log) => log.info(fields, 'hello'))).toMatchObject({
    password: '[redacted]',
    token: '[redacted]',
    user: { cookie: '[redacted]', name: 'ann' },
    list: [1],
    none: null,
    msg: 'hello',
  });
});

it('what a child logger is bound to is held to the same', () => {
  const line = written((log) => log.child({ cid: 'c1', secret: 's' }).info('hello'));
  expect(line).toMatchObject({ cid: 'c1', secret: '[redacted]', msg: 'hello' });
});

it('an error keeps its message and loses its secrets', () => {
  const error = Object.assign(new Error('no luck'), { authorization: 'Bearer x', code: 'E1' });
  const { err } = written((log) => log.warn({ err: error }, 'failed'));
  expect(err).toMatchObject({ message: 'no luck', code: 'E1', authorization: '[redacted]' });
});

it('the logged object itself stays as it was', () => {
  const fields = { password: 'hunter2' };
  written((log) => log.info(fields, 'hello'));
  expect(fields).toEqual({ password: 'hunter2' });
});

it('nothing is copied where there is nothing to hide', () => {
  const fields = { ref: 'r1', counts: { recipients: 2 } };
  expect(censorBelow(fields)).toBe(fields);
});
