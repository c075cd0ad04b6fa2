import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { isErrorBody } from './defaults';
import { NeuroError } from './error';

/** Base of our routes under the Jupyter server's base URL. */
export const API = 'neuro/api';

/** An answer whose body was not sent because the caller has it already. */
export interface IAnswer {
  status: number;
  etag: string;
  body: unknown;
}

/**
 * Call one route of the server extension.
 *
 * @param path - Path below `neuro/api`, with its query.
 * @throws {@link NeuroError} and nothing else, but for an `AbortError` when `init.signal` was used.
 */
export async function request(
  settings: ServerConnection.ISettings,
  path: string,
  init: RequestInit = {}
): Promise<IAnswer> {
  const url = URLExt.join(settings.baseUrl, API, path);
  const call: NeuroError.ICall = {
    method: init.method ?? 'GET',
    path: path.split('?')[0],
    status: 0,
    time: new Date()
  };
  let response: Response;
  let text: string;
  try {
    response = await ServerConnection.makeRequest(url, init, settings);
    text = response.status === 304 ? '' : await response.text();
  } catch (reason) {
    if (init.signal?.aborted) {
      throw reason;
    }
    throw new NeuroError(
      {
        code: 'server-unreachable',
        message: reason instanceof Error ? reason.message : String(reason),
        retryable: true
      },
      call
    );
  }
  call.status = response.status;
  call.requestId = response.headers.get('X-Request-ID') ?? undefined;
  call.retryAfter = Number(response.headers.get('Retry-After')) || undefined;
  const etag = response.headers.get('ETag') ?? '';
  if (response.status === 304) {
    return { status: 304, etag, body: null };
  }
  let body: unknown = null;
  let parsed = true;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    parsed = false;
  }
  if (response.ok && parsed) {
    return { status: response.status, etag, body };
  }
  if (isErrorBody(body)) {
    throw new NeuroError(body, call);
  }
  throw new NeuroError(
    {
      // Jupyter Server answers 404 with its own body for a route nobody registered
      code: response.status === 404 ? 'server-missing' : 'bad-answer',
      message: ownWords(body) || `${response.status} ${response.statusText}`,
      retryable: response.status >= 500
    },
    call
  );
}

/** The `message` of a body that is not ours, as Jupyter Server writes it (403, 404, 500). */
function ownWords(body: unknown): string {
  const message = (body as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : '';
}
