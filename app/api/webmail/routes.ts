/**
 * What a webmail route is made of: session → same origin (where it changes something) → parse → one call of server/webmail
 * → answer or mapped error.
 */
import type { z } from 'zod';
import { OperationError } from '#server/actor/errors.ts';
import { type MailRequest, requireMailRequest } from './mail-request.ts';
import { answer, answerError } from './respond.ts';

type RouteHandler = (request: Request) => Promise<Response>;

const MAX_BODY_BYTES = 6 * 1024 * 1024;

function parseWith<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) fields[issue.path.join('.')] ??= issue.message;
  throw new OperationError('invalid', parsed.error.issues[0]?.message ?? 'The request is not valid.', fields);
}

/** A browser names where a request comes from; another site's, or none, may change nothing (CSRF). */
function requireSameOrigin(request: Request): void {
  const origin = request.headers.get('origin');
  const host = request.headers.get('x-forwarded-host') ?? request.headers.get('host');
  if (origin === null || host === null || !URL.canParse(origin) || new URL(origin).host !== host) {
    throw new OperationError('forbidden', 'This request does not come from webmail.');
  }
}

async function readJson(request: Request): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new OperationError('limit-reached', 'The message is too long.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new OperationError('invalid', 'The request is not JSON.');
  }
}

type Run<Input> = (request: MailRequest, input: Input, http: Request) => Promise<unknown>;

function route(run: (request: Request) => Promise<unknown>): RouteHandler {
  return async (request) => {
    try {
      const result = await run(request);
      return result instanceof Response ? result : answer(result);
    } catch (error) {
      return answerError(error, new URL(request.url).pathname);
    }
  };
}

/** GET: the input is the query string. `run` may answer a `Response` of its own. */
export function readRoute<Schema extends z.ZodType>(schema: Schema, run: Run<z.output<Schema>>): RouteHandler {
  return route(async (request) => {
    const mail = await requireMailRequest();
    const input = parseWith(schema, Object.fromEntries(new URL(request.url).searchParams));
    return run(mail, input, request);
  });
}

/** Changes something: JSON from our own pages only. */
export function writeRoute<Schema extends z.ZodType>(schema: Schema, run: Run<z.output<Schema>>): RouteHandler {
  return route(async (request) => {
    requireSameOrigin(request);
    const mail = await requireMailRequest();
    return run(mail, parseWith(schema, await readJson(request)), request);
  });
}

/** Changes something with a body that is not JSON: `run` reads the stream; the input is the query string. */
export function streamRoute<Schema extends z.ZodType>(schema: Schema, run: Run<z.output<Schema>>): RouteHandler {
  return route(async (request) => {
    requireSameOrigin(request);
    const mail = await requireMailRequest();
    const input = parseWith(schema, Object.fromEntries(new URL(request.url).searchParams));
    return run(mail, input, request);
  });
}
