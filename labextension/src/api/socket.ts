import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';

/** Open a websocket of the Jupyter server, with the token where the page has no cookie. */
export function openSocket(
  settings: ServerConnection.ISettings,
  path: string,
  query: Record<string, string> = {}
): WebSocket {
  const parameters = new URLSearchParams(query);
  if (settings.appendToken && settings.token) {
    parameters.set('token', settings.token);
  }
  const tail = parameters.size ? `?${parameters}` : '';
  return new settings.WebSocket(URLExt.join(settings.wsUrl, path) + tail);
}
