import { TestServer } from '../../__tests__/server';
import { NeuroClient } from '../client';
import { NeuroError } from '../error';

let server: TestServer;
let client: NeuroClient;

beforeEach(async () => {
  server = await TestServer.start();
  client = new NeuroClient(server.settings);
});
afterEach(() => server.stop());

async function failure(call: Promise<unknown>): Promise<NeuroError> {
  try {
    await call;
  } catch (reason) {
    expect(reason).toBeInstanceOf(NeuroError);
    return reason as NeuroError;
  }
  throw new Error('did not fail');
}

it('fills in what the server leaves out', async () => {
  server.json('GET /neuro/api/jobs', {
    items: [
      {
        id: 'job-1',
        uri: 'job://c/o/p/job-1',
        owner: 'bob',
        status: 'running',
        created_at: '2026-11-22T10:00:00Z',
        image: 'this-computer'
      }
    ],
    running: 1,
    pending: 0,
    total: 1,
    hidden: 0,
    as_of: '2026-11-22T10:00:00Z'
  });
  const { page } = await client.jobs({ owner: 'mine' });
  expect(page).toMatchObject({ next: null, stale: false });
  expect(page!.items[0]).toMatchObject({
    name: null,
    volumes: [],
    mine: true,
    access: 'manage'
  });
});

it('asks for a page by filter and key', async () => {
  server.json('GET /neuro/api/jobs', { items: [] });
  await client.jobs({
    owner: 'all',
    statuses: ['running', 'lost'],
    text: 'a b',
    limit: 7,
    after: 'k'
  });
  expect(server.calls).toEqual([
    'GET /neuro/api/jobs?owner=all&status=running&status=lost&q=a+b&limit=7&after=k'
  ]);
});

it('takes "not changed" for an answer', async () => {
  server.routes['GET /neuro/api/jobs'] = ({ headers }, response) => {
    const known = headers['if-none-match'] === '"v1"';
    response.writeHead(known ? 304 : 200, { ETag: '"v1"' });
    response.end(known ? '' : '{"items": []}');
  };
  const first = await client.jobs({ owner: 'mine' });
  expect(first.etag).toBe('"v1"');
  expect(first.page).not.toBeNull();
  const second = await client.jobs({ owner: 'mine' }, first.etag);
  expect(second).toEqual({ page: null, etag: '"v1"' });
});

it('keeps code, hint, field and the platform’s words of an error', async () => {
  server.json(
    'POST /neuro/api/jobs',
    {
      message: 'There is no preset x.',
      code: 'bad-request',
      hint: 'Choose one of a, b.',
      details: { field: 'preset', upstream: 'preset_name: …' }
    },
    400
  );
  const error = await failure(client.submit({ submit_tag: '12345678' }));
  expect(error).toMatchObject({
    message: 'There is no preset x.',
    code: 'bad-request',
    hint: 'Choose one of a, b.',
    retryable: false
  });
  expect(error.details).toMatchObject({ field: 'preset', jobs: [] });
  expect(error.call).toMatchObject({
    method: 'POST',
    path: 'jobs',
    status: 400
  });
});

it('tells a server without our part from an unknown job', async () => {
  expect((await failure(client.session())).code).toBe('server-missing');
  server.json(
    'GET /neuro/api/jobs/job-9',
    { message: 'No such job.', code: 'no-such-job' },
    404
  );
  expect((await failure(client.job('job-9'))).code).toBe('no-such-job');
});

it('does not show a proxy’s HTML', async () => {
  server.routes['GET /neuro/api/session'] = (_, response) => {
    response.writeHead(502).end('<html><h1>Bad Gateway</h1></html>');
  };
  const error = await failure(client.session());
  expect(error.code).toBe('bad-answer');
  expect(error.message).not.toContain('<');
  expect(error.retryable).toBe(true);
});

it('says that the server cannot be reached', async () => {
  await server.stop();
  expect((await failure(client.session())).code).toBe('server-unreachable');
  server = await TestServer.start();
});

it('reads how long to wait', async () => {
  server.json(
    'GET /neuro/api/session',
    { message: 'Slow down.', code: 'too-many', retryable: true },
    429,
    { 'Retry-After': '7' }
  );
  expect((await failure(client.session())).retryAfter).toBe(7);
});

it('sends a reference as one part of the path', async () => {
  server.json('GET /neuro/api/jobs/job://c/o/p/job-1', {
    id: 'job-1',
    status: 'failed'
  });
  expect((await client.job('job://c/o/p/job-1')).id).toBe('job-1');
});

it('sends the token as a header, never in an address', async () => {
  let header = '';
  server.routes['GET /neuro/api/session'] = ({ headers, url }, response) => {
    header = `${headers.authorization} ${url.search}`;
    response.end('{}');
  };
  await client.session();
  expect(header).toContain('token the-token');
  expect(header.split(' ').slice(2).join('')).not.toContain('the-token');
  expect(client.logUrl('job-1')).not.toContain('the-token');
});
