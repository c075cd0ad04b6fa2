import { nullTranslator } from '@jupyterlab/translation';

import { completeJob, completeSession } from '../api/defaults';
import type { Job, Session } from '../api/wire';

export const trans = nullTranslator.load('jupyter_neuro');

/** A job, with what matters to a test changed. */
export function makeJob(part: Partial<Job> = {}): Job {
  const id = part.id ?? 'job-7f2c91d4-aaaa';
  return completeJob({
    id,
    uri: `job://default/local/bob/${id}`,
    owner: 'bob',
    status: 'running',
    created_at: '2026-11-22T10:00:00+00:00',
    started_at: '2026-11-22T10:00:10+00:00',
    image: 'this-computer',
    name: 'train',
    preset: 'cpu-small',
    life_span: 86_400,
    ...part
  });
}

export function makeSession(part: Partial<Session> = {}): Session {
  return completeSession({
    state: 'ready',
    version: '0.1.0',
    user: 'bob',
    project: 'bob',
    platform: {
      kind: 'local',
      url: 'http://127.0.0.1:1/api/v1',
      title: 'This computer',
      cluster: 'default',
      org: 'local',
      tier: 'sandbox',
      owner: true,
      trust_users: false
    },
    projects: [
      { name: 'bob', org: 'local', cluster: 'default', role: 'owner' }
    ],
    presets: [
      {
        name: 'cpu-small',
        cpu: 1,
        memory: 2e9,
        gpu: 0,
        gpu_model: '',
        credits_per_hour: '0',
        free: 2
      },
      {
        name: 'cpu-large',
        cpu: 4,
        memory: 8e9,
        gpu: 0,
        gpu_model: '',
        credits_per_hour: '0',
        free: 1
      }
    ],
    images: ['this-computer'],
    ...part
  });
}
