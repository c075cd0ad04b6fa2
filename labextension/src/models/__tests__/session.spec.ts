import { makeSession } from '../../__tests__/samples';
import { TestServer, until } from '../../__tests__/server';
import { NeuroClient } from '../../api/client';
import { VERSION, fits } from '../../version';
import { EventFeed, SESSION_SCHEMA } from '../events';
import { SessionModel } from '../session';

let server: TestServer;
let feed: EventFeed;
let model: SessionModel;

beforeEach(async () => {
  server = await TestServer.start();
  const client = new NeuroClient(server.settings);
  feed = new EventFeed({ settings: server.settings, standby: 'never' });
  model = new SessionModel({ client, feed });
});
afterEach(async () => {
  model.dispose();
  feed.dispose();
  await server.stop();
});

const answer = (part = {}) =>
  server.json('GET /neuro/api/session', makeSession(part));

it('is ready with a platform, and another one has another key', async () => {
  answer();
  await model.refresh();
  expect(model.isReady).toBe(true);
  const { key } = model;
  answer({ project: 'vision' });
  await model.refresh();
  expect(model.key).not.toBe(key);
});

it('asks again when the server says that something changed', async () => {
  answer();
  await model.refresh();
  feed.start();
  await until(() => feed.isLive);
  answer({ user: 'alice' });
  server.sockets[0].send(
    JSON.stringify({ schema_id: SESSION_SCHEMA, action: 'switched' })
  );
  await until(() => model.session?.user === 'alice');
});

it('keeps what is known while the platform is away, and finds it again by itself', async () => {
  answer();
  await model.refresh();
  const { key } = model;
  answer({ state: 'failed', platform: null, user: '', message: 'Gone.' });
  await model.refresh();
  expect(model.error).toMatchObject({ code: 'offline', message: 'Gone.' });
  expect(model.isReady).toBe(true);
  expect(model.key).toBe(key);
  answer();
  await until(() => model.error === null);
});

it('shows a platform that never was there as failed', async () => {
  answer({ state: 'failed', platform: null, user: '', message: 'No.' });
  await model.refresh();
  expect(model.session?.state).toBe('failed');
  expect(model.isReady).toBe(false);
  expect(model.key).toBe('');
});

it('leaves the session as it was when a sign-in is refused', async () => {
  answer();
  await model.refresh();
  server.json(
    'POST /neuro/api/session',
    {
      message: 'The platform did not accept this token.',
      code: 'bad-token',
      details: { field: 'token' }
    },
    400
  );
  await expect(model.signIn({ url: 'u', token: 't' })).rejects.toMatchObject({
    code: 'bad-token',
    details: { field: 'token' }
  });
  expect(model.isReady).toBe(true);
  expect(model.error).toBeNull();
});

it('can be waited for no longer', async () => {
  server.routes['GET /neuro/api/session'] = () => undefined;
  const waiting = model.refresh();
  expect(model.loadingSince).toBeGreaterThan(0);
  model.cancel();
  await waiting;
  expect(model.error?.code).toBe('cancelled');
  expect(model.loadingSince).toBe(0);
});

it('fits a server of the same minor version only', () => {
  expect(fits('0.1.7', '0.1.0')).toBe(true);
  expect(fits('0.2.0', '0.1.0')).toBe(false);
  expect(fits(VERSION)).toBe(true);
});
