/** All requests to the server. */

/** An error from the server, or no answer. */
export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId = '',
  ) {
    super(message);
  }
}

export type Params = Record<string, string | number | boolean | null | undefined>;

/** Kept in memory only, so that no other page can read it. */
let csrfToken = '';
let onSignedOut: () => void = () => {};

export const setCsrfToken = (token: string): void => void (csrfToken = token);
export const whenSignedOut = (tell: () => void): void => void (onSignedOut = tell);

let serverAhead = 0;

/** The server's clock, which may differ from this computer's by minutes; to the second. */
export const serverNow = (): number => Date.now() + serverAhead;

function noteClock(answer: Response): void {
  const at = Date.parse(answer.headers.get('Date') ?? '');
  // The header has no milliseconds, and the answer took some time. So small differences are ignored.
  if (at) serverAhead = Math.abs(at - Date.now()) > 2_000 ? at - Date.now() : 0;
}

export function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Sends a request and checks the answer; throws {@link ApiError}. */
export async function request(
  path: string,
  init: RequestInit & { params?: Params; json?: unknown } = {},
): Promise<Response> {
  const { params, json, ...rest } = init;
  const headers = new Headers(rest.headers);
  if (json !== undefined) headers.set('Content-Type', 'application/json');
  if (rest.method && rest.method !== 'GET' && csrfToken) headers.set('X-Crow-CSRF', csrfToken);
  let answer: Response;
  try {
    answer = await fetch(address(path, params), {
      ...rest,
      headers,
      credentials: 'same-origin',
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(
      0,
      'unreachable',
      'The server cannot be reached. Check that crow-query runs and that you are online.',
    );
  }
  noteClock(answer);
  if (answer.ok) return answer;
  const refusal = await readError(answer);
  if (answer.status === 401 && !path.startsWith('/auth/')) onSignedOut();
  throw refusal;
}

export async function call<T>(path: string, init: RequestInit & { params?: Params; json?: unknown } = {}): Promise<T> {
  const answer = await request(path, init);
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T);
}

export const get = <T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> =>
  call<T>(path, { params, signal });

/** The pages of a list, one after the other, each when it is asked for. */
export async function* pagesOf<T extends { nextCursor?: string | null }>(
  path: string,
  params: Params,
  signal: AbortSignal,
): AsyncGenerator<T> {
  let cursor: string | null | undefined;
  do {
    const page: T = await get<T>(path, { ...params, cursor }, signal);
    yield page;
    cursor = page.nextCursor;
  } while (cursor);
}

async function readError(answer: Response): Promise<ApiError> {
  const fallback = `The server answered ${answer.status}.`;
  try {
    const { error } = (await answer.json()) as { error: { code: string; message: string; requestId?: string } };
    return new ApiError(answer.status, error.code, error.message || fallback, error.requestId);
  } catch {
    return new ApiError(answer.status, 'unknown', fallback, answer.headers.get('X-Request-Id') ?? '');
  }
}
