import { createHash } from 'crypto';
import type { IncomingMessage, Server, ServerResponse } from 'http';
import { createServer } from 'http';
import type { AddressInfo } from 'net';
import type { Duplex } from 'stream';

import { ServerConnection } from '@jupyterlab/services';

type Handler = (
  request: { body: unknown; url: URL; headers: IncomingMessage['headers'] },
  response: ServerResponse
) => void;

/** A real HTTP and websocket server on loopback that answers what a test tells it to. */
export class TestServer {
  static async start(): Promise<TestServer> {
    const server = new TestServer();
    await new Promise<void>(resolve => {
      server._http.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  private constructor() {
    this._http = createServer((request, response) => {
      let text = '';
      request.on('data', chunk => (text += chunk));
      request.on('end', () => {
        const url = new URL(request.url!, this.base);
        const key = `${request.method} ${decodeURIComponent(url.pathname)}`;
        this.calls.push(key + url.search.replace(/[?&]\d{10,}$/, ''));
        const handler = this.routes[key];
        const body: unknown = text ? JSON.parse(text) : null;
        if (handler) {
          handler({ body, url, headers: request.headers }, response);
        } else {
          response.writeHead(404).end('{"message": "Not Found"}');
        }
      });
    });
    this._http.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
      const accept = createHash('sha1')
        .update(
          `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
        )
        .digest('base64');
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n' +
          `Connection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
      );
      const path = decodeURIComponent(
        new URL(request.url!, this.base).pathname
      );
      this.sockets.push(new TestSocket(path, socket));
    });
  }

  /** What to answer, by `METHOD /path`. */
  readonly routes: Record<string, Handler> = {};
  /** What was asked, with the query but without the client's cache buster. */
  readonly calls: string[] = [];
  readonly sockets: TestSocket[] = [];

  get base(): string {
    return `http://127.0.0.1:${(this._http.address() as AddressInfo).port}/`;
  }

  get settings(): ServerConnection.ISettings {
    return ServerConnection.makeSettings({
      baseUrl: this.base,
      appUrl: '/lab',
      token: 'the-token',
      WebSocket: window.WebSocket
    });
  }

  /** Answer a route with JSON, always the same. */
  json(key: string, body: unknown, status = 200, headers = {}): void {
    this.routes[key] = (_, response) => {
      response
        .writeHead(status, { 'Content-Type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    };
  }

  async stop(): Promise<void> {
    this.sockets.forEach(socket => socket.drop());
    this._http.closeAllConnections();
    await new Promise(resolve => this._http.close(resolve));
  }

  private readonly _http: Server;
}

/** The server's end of one websocket: enough of RFC 6455 for frames below 64 KiB. */
export class TestSocket {
  constructor(
    readonly path: string,
    private readonly _socket: Duplex
  ) {
    _socket.on('data', (data: Buffer) => this._read(data));
    _socket.on('error', () => undefined);
  }

  /** Texts the page sent. */
  readonly texts: string[] = [];

  send(data: string | Uint8Array): void {
    const payload = Buffer.from(data as string);
    const opcode = typeof data === 'string' ? 0x81 : 0x82;
    const head =
      payload.length < 126
        ? Buffer.from([opcode, payload.length])
        : Buffer.from([opcode, 126, payload.length >> 8, payload.length & 255]);
    this._socket.write(Buffer.concat([head, payload]));
  }

  /** Break the connection, without a goodbye. */
  drop(): void {
    this._socket.destroy();
  }

  /** The page's frames are short; several may come in one piece. */
  private _read(data: Buffer): void {
    while (data.length >= 6) {
      const end = 6 + (data[1] & 127);
      const mask = data.subarray(2, 6);
      const text = data.subarray(6, end).map((byte, at) => byte ^ mask[at % 4]);
      if ((data[0] & 15) === 1) {
        this.texts.push(Buffer.from(text).toString());
      }
      data = data.subarray(end);
    }
  }
}

/** Wait until a condition holds; fails with its source after five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error(`never came true: ${condition}`);
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
