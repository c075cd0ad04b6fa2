import { CommandRegistry } from '@lumino/commands';
import React, { act } from 'react';
import type { Root } from 'react-dom/client';
import { createRoot } from 'react-dom/client';

import { makeJob, makeSession, trans } from '../../__tests__/samples';
import { TestServer, until } from '../../__tests__/server';
import type { Job } from '../../api/wire';
import { CommandIDs } from '../../commands';
import { Neuro } from '../../models/neuro';
import { ScopeProvider } from '../context';
import { Jobs } from '../jobs';
import { PanelState } from '../panelstate';

(
  globalThis as unknown as { IS_REACT_ACT_ENVIRONMENT: boolean }
).IS_REACT_ACT_ENVIRONMENT = true;
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

let server: TestServer;
let neuro: Neuro;
let node: HTMLElement;
let root: Root;
let commands: CommandRegistry;
let ran: [string, unknown][];

beforeEach(async () => {
  server = await TestServer.start();
  server.json('GET /neuro/api/session', makeSession());
  neuro = new Neuro({ settings: server.settings, trans, language: 'en' });
  neuro.list.visible = true;
  commands = new CommandRegistry();
  ran = [];
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, {
      label: id,
      describedBy: { args: {} },
      execute: args => void ran.push([id, args])
    });
  }
  node = document.body.appendChild(document.createElement('div'));
  root = createRoot(node);
});
afterEach(async () => {
  act(() => root.unmount());
  node.remove();
  neuro.dispose();
  await server.stop();
});

const list = (items: Job[], rest = {}) =>
  server.json('GET /neuro/api/jobs', {
    items,
    running: items.length,
    pending: 0,
    total: items.length,
    hidden: 0,
    as_of: new Date().toISOString(),
    ...rest
  });

async function show(): Promise<void> {
  await act(async () => {
    root.render(
      <ScopeProvider value={{ neuro, commands }}>
        <PanelState />
        <Jobs chips={false} visible={true} />
      </ScopeProvider>
    );
    await neuro.start();
    await until(() => neuro.list.page !== null || neuro.list.error !== null);
  });
}
const text = () => node.textContent ?? '';
const button = (label: string) =>
  [...node.querySelectorAll('button')].find(({ textContent }) =>
    textContent?.includes(label)
  );

it('offers a first job when there is none', async () => {
  list([]);
  await show();
  expect(text()).toContain('No jobs yet.');
  expect(text()).toContain('or run %neuro run in a cell');
  act(() => button('New job…')!.click());
  expect(ran[0][0]).toBe(CommandIDs.createJob);
  expect(node.querySelector('input')).toBeNull();
});

it('says how many a filter hides, and clears it', async () => {
  list([makeJob()]);
  await show();
  list([], { hidden: 3 });
  await act(async () => {
    neuro.list.setFilter({ owner: 'mine', text: 'zzz' });
    await until(() => neuro.list.page?.hidden === 3);
  });
  expect(text()).toContain('No job fits this filter. 3 are hidden by it.');
  list([makeJob()]);
  await act(async () => {
    button('Clear filter')!.click();
    await until(() => neuro.list.jobs.length === 1);
  });
  expect(node.querySelectorAll('[data-job-id]')).toHaveLength(1);
});

it('shows a failure with its reason, and tries again', async () => {
  server.json(
    'GET /neuro/api/jobs',
    { message: 'The platform answered 503.', code: 'platform-error' },
    502
  );
  await show();
  expect(text()).toContain('Could not load jobs');
  expect(text()).toContain('The platform answered 503.');
  list([makeJob()]);
  await act(async () => {
    button('Retry')!.click();
    await until(() => neuro.list.page !== null);
  });
  expect(text()).toContain('train');
});

it('keeps the list while the platform is away, and says how old it is', async () => {
  list([makeJob()], { stale: true, as_of: '2026-11-22T10:12:30Z' });
  await show();
  expect(text()).toContain('Offline.');
  expect(text()).toMatch(/Showing data of \d\d:12/);
  expect(text()).toContain('was 12 min');
  expect(button('Try now')).toBeDefined();
});

it('says when the server part is missing', async () => {
  delete server.routes['GET /neuro/api/session'];
  await act(async () => {
    root.render(
      <ScopeProvider value={{ neuro, commands }}>
        <PanelState />
      </ScopeProvider>
    );
    await neuro.start();
  });
  expect(text()).toContain('The server part of Neuro is not running.');
  expect(text()).toContain('pip install jupyter_neuro');
});

it('asks once which platform to use', async () => {
  server.json(
    'GET /neuro/api/session',
    makeSession({
      state: 'choose',
      platform: null,
      cluster_login: 'bob on default'
    })
  );
  await act(async () => {
    root.render(
      <ScopeProvider value={{ neuro, commands }}>
        <PanelState />
      </ScopeProvider>
    );
    await neuro.start();
  });
  expect(text()).toContain('bob on default');
  act(() => button('Use this computer')!.click());
  act(() => button('Use the cluster')!.click());
  expect(ran.map(([id]) => id)).toEqual([
    CommandIDs.useLocal,
    CommandIDs.useCluster
  ]);
});

it('keeps a list of 10,000 jobs out of the document', async () => {
  list(
    Array.from({ length: 10_000 }, (_, at) =>
      makeJob({
        id: `job-${String(at).padStart(6, '0')}`,
        status: 'succeeded',
        finished_at: '2026-11-20T10:00:00Z'
      })
    )
  );
  await show();
  expect(neuro.list.jobs).toHaveLength(10_000);
  const rows = node.querySelectorAll('[data-job-id]');
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.length).toBeLessThan(100);
  expect(
    node.querySelector('[role="grid"]')!.getAttribute('aria-rowcount')
  ).toBe('10001');
});

it('is one stop of the keyboard, and opens what has the focus', async () => {
  list([makeJob({ id: 'job-aaaa' }), makeJob({ id: 'job-bbbb' })]);
  await show();
  const stops = node.querySelectorAll('[role="row"][tabindex="0"]');
  expect(stops).toHaveLength(1);
  act(() => (stops[0] as HTMLElement).focus());
  const press = (key: string) =>
    act(() => {
      document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true })
      );
    });
  press('ArrowDown');
  const moved = node.querySelector<HTMLElement>('[role="row"][tabindex="0"]')!;
  expect(moved.dataset.jobId).not.toBe((stops[0] as HTMLElement).dataset.jobId);
  act(() => moved.focus());
  press('ArrowRight');
  expect(document.activeElement!.tagName).toBe('BUTTON');
  press('Escape');
  press('Enter');
  expect(ran.pop()).toEqual([CommandIDs.openJob, { id: moved.dataset.jobId }]);
});

it('opens a pasted address instead of filtering by it', async () => {
  list([makeJob()]);
  await show();
  const input = node.querySelector('input')!;
  const type = (value: string) =>
    act(() => {
      Object.getOwnPropertyDescriptor(
        HTMLInputElement.prototype,
        'value'
      )!.set!.call(input, value);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  type('job://default/local/alice/job-1234');
  await act(async () => {
    input.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })
    );
  });
  expect(ran).toEqual([
    [CommandIDs.openJob, { reference: 'job://default/local/alice/job-1234' }]
  ]);
});
