import type {
  ErrorBody,
  ErrorDetails,
  Job,
  JobPage,
  LogControl,
  Platform,
  Preset,
  Session,
  Sparse,
  StatusItem
} from './wire';

/*
 * The server leaves out every field that has its default value (a list of 100 jobs is a third of the size); here the
 * defaults come back, so that the rest of the page sees complete objects.
 */

const STATUS_ITEM: Partial<StatusItem> = {
  reason: '',
  description: '',
  exit_code: null
};

const JOB: Partial<Job> = {
  name: null,
  preset: null,
  project: null,
  cluster: null,
  command: null,
  description: null,
  started_at: null,
  finished_at: null,
  exit_code: null,
  reason: '',
  message: '',
  life_span: null,
  restarts: 0,
  cpu: null,
  memory: null,
  http_url: null,
  mine: true,
  access: 'manage',
  image_note: null
};

export function completeJob(sparse: Sparse<Job>): Job {
  return {
    ...JOB,
    tags: [],
    env: {},
    secret_env: {},
    volumes: [],
    ...sparse,
    statuses: (sparse.statuses ?? []).map(item => ({ ...STATUS_ITEM, ...item }))
  } as Job;
}

export function completePage(sparse: Sparse<JobPage>): JobPage {
  return {
    running: 0,
    pending: 0,
    total: 0,
    hidden: 0,
    as_of: '',
    shared: 0,
    next: null,
    stale: false,
    error: null,
    ...sparse,
    items: (sparse.items ?? []).map(completeJob)
  };
}

export function completeSession(sparse: Sparse<Session>): Session {
  const platform = sparse.platform ?? null;
  return {
    state: 'failed',
    version: '',
    folder: { name: '', path: '', is_project: false },
    user: '',
    project: '',
    projects: [],
    images: [],
    local_available: true,
    first_start: false,
    message: '',
    hint: '',
    cluster_login: '',
    ...sparse,
    platform: platform && completePlatform(platform),
    presets: (sparse.presets ?? []).map(completePreset)
  };
}

function completePlatform(sparse: Sparse<Platform>): Platform {
  return {
    kind: 'local',
    url: '',
    title: '',
    cluster: '',
    org: '',
    tier: '',
    owner: false,
    trust_users: false,
    ...sparse
  };
}

function completePreset(sparse: Sparse<Preset>): Preset {
  return {
    name: '',
    cpu: 0,
    memory: 0,
    gpu: 0,
    gpu_model: '',
    credits_per_hour: '0',
    free: null,
    ...sparse
  };
}

export function completeControl(sparse: Sparse<LogControl>): LogControl {
  return { type: 'error', status: null, error: null, ...sparse };
}

export function completeDetails(
  sparse: Sparse<ErrorDetails> | null | undefined
): ErrorDetails {
  return {
    field: null,
    jobs: [],
    missing: [],
    owner: null,
    upstream: null,
    ...sparse
  };
}

/** Whether a parsed answer is one of our error bodies, not a proxy's or the Jupyter server's own. */
export function isErrorBody(value: unknown): value is ErrorBody {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as ErrorBody).code === 'string' &&
    typeof (value as ErrorBody).message === 'string'
  );
}
