import { makeJob } from '../../__tests__/samples';
import { TestServer, until } from '../../__tests__/server';
import { NeuroClient } from '../../api/client';
import type { Job } from '../../api/wire';
import { Endings } from '../endings';
import { EventFeed, JOB_SCHEMA } from '../events';
import { merge, ordered } from '../jobmerge';
import { JobsModel } from '../jobs';

let server: TestServer;
let client: NeuroClient;
let feed: EventFeed;
let model: JobsModel;

const page = (items: Job[], rest = {}) => ({
  items,
  running: items.length,
  pending: 0,
  total: items.length,
  hidden: 0,
  as_of: '2026-11-22T10:00:00Z',
  ...rest
});
const event = (id: string) =>
  JSON.stringify({
    schema_id: JOB_SCHEMA,
    action: 'changed',
    id,
    status: 'running'
  });
const asked = () => server.calls.filter(call => call.includes('/jobs')).length;

beforeEach(async () => {
  server = await TestServer.start();
  client = new NeuroClient(server.settings);
  feed = new EventFeed({ settings: server.settings, standby: 'never' });
  model = new JobsModel({ client, feed, visible: true });
});
afterEach(async () => {
  model.dispose();
  feed.dispose();
  await server.stop();
});

describe('the list', () => {
  it('fetches when there is a platform and forgets when there is another', async () => {
    server.json('GET /neuro/api/jobs', page([makeJob()]));
    expect(model.page).toBeNull();
    model.reset('a');
    expect(model.loadingSince).toBeGreaterThan(0);
    await until(() => model.page !== null);
    expect(model.jobs.map(({ id }) => id)).toEqual([makeJob().id]);
    model.reset('b');
    expect(model.jobs).toEqual([]);
    await until(() => model.page !== null);
    model.reset('');
    expect(model.page).toBeNull();
  });

  it('answers a burst of events with one fetch', async () => {
    server.json('GET /neuro/api/jobs', page([makeJob()]));
    feed.start();
    await until(() => server.sockets.length === 1 && feed.isLive);
    model.reset('a');
    await until(() => model.page !== null);
    const before = asked();
    for (let at = 0; at < 50; at++) {
      server.sockets[0].send(event(`job-${at}`));
    }
    await until(() => asked() > before);
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(asked() - before).toBe(1);
  });

  it('fetches everything again after the stream came back', async () => {
    server.json('GET /neuro/api/jobs', page([makeJob()]));
    feed.start();
    await until(() => feed.isLive);
    model.reset('a');
    await until(() => model.page !== null);
    const before = asked();
    server.sockets[0].drop();
    await until(() => !feed.isLive);
    await until(() => feed.isLive);
    await until(() => asked() > before);
    expect(server.sockets).toHaveLength(2);
  });

  it('fetches nothing while hidden, and what it missed when shown', async () => {
    server.json('GET /neuro/api/jobs', page([makeJob()]));
    feed.start();
    await until(() => feed.isLive);
    model.reset('a');
    await until(() => model.page !== null);
    model.visible = false;
    const before = asked();
    server.sockets[0].send(event('job-1'));
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(asked()).toBe(before);
    model.visible = true;
    await until(() => asked() > before);
  });

  it('keeps the list when a fetch fails, and says so', async () => {
    server.json('GET /neuro/api/jobs', page([makeJob()]));
    model.reset('a');
    await until(() => model.page !== null);
    server.json(
      'GET /neuro/api/jobs',
      { message: 'No.', code: 'offline' },
      503
    );
    await model.refresh();
    expect(model.error?.code).toBe('offline');
    expect(model.isStale).toBe(true);
    expect(model.jobs).toHaveLength(1);
    server.json('GET /neuro/api/jobs', page([]));
    await model.refresh();
    expect(model.error).toBeNull();
    expect(model.isStale).toBe(false);
  });

  it('throws the answer for an older filter away', async () => {
    let late: () => void = () => undefined;
    server.routes['GET /neuro/api/jobs'] = ({ url }, response) => {
      const owner = url.searchParams.get('owner');
      const send = () =>
        response.end(JSON.stringify(page([makeJob({ id: `job-${owner}` })])));
      if (owner === 'mine') {
        late = send;
      } else {
        send();
      }
    };
    model.reset('a');
    await until(() => asked() === 1);
    model.setFilter({ owner: 'all' });
    await until(() => model.jobs.length === 1);
    late();
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(model.jobs[0].id).toBe('job-all');
  });

  it('pages by key and keeps later pages over a refresh', async () => {
    const done = (id: string, at: string) =>
      makeJob({ id, status: 'succeeded', finished_at: at });
    server.routes['GET /neuro/api/jobs'] = ({ url }, response) => {
      const after = url.searchParams.get('after');
      const body = after
        ? page([done('job-old', '2026-11-20T10:00:00Z')], { total: 2 })
        : page([done('job-new', '2026-11-21T10:00:00Z')], {
            total: 2,
            next: 'key'
          });
      response.end(JSON.stringify(body));
    };
    model.reset('a');
    await until(() => model.hasMore);
    await model.loadMore();
    expect(model.jobs.map(({ id }) => id)).toEqual(['job-new', 'job-old']);
    expect(model.hasMore).toBe(false);
    await model.refresh();
    expect(model.jobs.map(({ id }) => id)).toEqual(['job-new', 'job-old']);
    expect(model.hasMore).toBe(false);
  });
});

describe('a first page over known jobs', () => {
  it('orders running, pending, finished, each newest first', () => {
    const jobs = [
      makeJob({
        id: 'a',
        status: 'failed',
        finished_at: '2026-11-21T00:00:00Z'
      }),
      makeJob({ id: 'b', status: 'pending' }),
      makeJob({ id: 'c', created_at: '2026-11-20T00:00:00Z' }),
      makeJob({ id: 'd', created_at: '2026-11-22T00:00:00Z' }),
      makeJob({ id: 'e', status: 'lost', finished_at: '2026-11-22T00:00:00Z' })
    ];
    expect(ordered(jobs).map(({ id }) => id)).toEqual([
      'd',
      'c',
      'b',
      'e',
      'a'
    ]);
  });

  it('drops active jobs that it would have to hold', () => {
    const known = [
      makeJob({ id: 'gone' }),
      makeJob({ id: 'old', status: 'failed' })
    ];
    const fresh = {
      ...page([makeJob({ id: 'new', status: 'succeeded' })]),
      next: 'k'
    };
    const ids = (next: string | null) =>
      merge(known, { ...fresh, next } as never).map(({ id }) => id);
    expect(ids('k').sort()).toEqual(['new', 'old']);
    expect(ids(null)).toEqual(['new']);
  });
});

describe('ends', () => {
  it('are told once the platform confirmed them', async () => {
    const job = makeJob({ id: 'job-1' });
    server.json('GET /neuro/api/jobs', page([job]));
    server.json('GET /neuro/api/jobs/job-1', { ...job, status: 'failed' });
    const endings = new Endings({ client, active: model });
    const told: string[] = [];
    endings.ended.connect((_, ended) =>
      told.push(`${ended.id} ${ended.status}`)
    );
    model.reset('a');
    await until(() => model.jobs.length === 1);
    server.json('GET /neuro/api/jobs', page([]));
    await model.refresh();
    await until(() => told.length > 0);
    await model.refresh();
    expect(told).toEqual(['job-1 failed']);
    endings.dispose();
  });

  it('are not told while the list is not known to be true', async () => {
    server.json('GET /neuro/api/jobs', page([makeJob({ id: 'job-1' })]));
    const endings = new Endings({ client, active: model });
    model.reset('a');
    await until(() => model.jobs.length === 1);
    server.json('GET /neuro/api/jobs', page([], { stale: true }));
    await model.refresh();
    expect(server.calls).not.toContain('GET /neuro/api/jobs/job-1');
    endings.dispose();
  });
});
