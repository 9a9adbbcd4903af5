/** Calls of webmail's route handlers. Whatever goes wrong comes out as an `ApiError` with words for the person. */

export class ApiError extends Error {
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  constructor(code: string, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}

interface ErrorAnswer {
  error?: { code: string; message: string; fields: Record<string, string> };
}

export function readErrorAnswer(text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as ErrorAnswer;
    if (error) return new ApiError(error.code, error.message, error.fields);
  } catch {
    // not JSON: a proxy answered in its own words
  }
  return new ApiError('unanswered', 'The server did not answer as expected.');
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`/api/webmail/${path}`, init);
    text = await response.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('offline', 'No connection. Check your network.');
  }
  if (!response.ok) throw readErrorAnswer(text);
  return JSON.parse(text) as T;
}

export function getJson<T>(
  path: string,
  query: Record<string, string | number> = {},
  signal?: AbortSignal,
): Promise<T> {
  const entries = Object.entries(query).map(([key, value]) => [key, String(value)]);
  const search = entries.length > 0 ? `?${new URLSearchParams(entries)}` : '';
  return request<T>(`${path}${search}`, signal ? { signal } : {});
}

export function sendJson<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown): Promise<T> {
  return request<T>(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}
