import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';

import { completeJob, completePage, completeSession } from './defaults';
import { API, request } from './request';
import type {
  Colleague,
  ColleagueInvite,
  Job,
  JobPage,
  JobSubmit,
  Session,
  SignIn,
  Sparse,
  Status
} from './wire';

/** Thin typed client of the server extension: one method a verb, no state. */
export class NeuroClient {
  constructor(readonly serverSettings: ServerConnection.ISettings) {}

  session(signal?: AbortSignal): Promise<Session> {
    return this._session('session', { signal });
  }

  signIn(how: Sparse<SignIn>): Promise<Session> {
    return this._session('session', post(how));
  }

  useLocal(): Promise<Session> {
    return this._session('session/local', post({}));
  }

  useCluster(): Promise<Session> {
    return this._session('session/cluster', post({}));
  }

  signOut(): Promise<Session> {
    return this._session('session', { method: 'DELETE' });
  }

  switchProject(project: string): Promise<Session> {
    return this._session('session/project', {
      method: 'PUT',
      body: JSON.stringify({ project })
    });
  }

  async colleagues(): Promise<Colleague[]> {
    const { body } = await this._request('session/colleagues');
    return (body as { items: Colleague[] }).items;
  }

  /** Add a user to this computer's platform. The line that comes back is shown once: nothing keeps it. */
  async addColleague(name: string): Promise<ColleagueInvite> {
    const { body } = await this._request('session/colleagues', post({ name }));
    return body as ColleagueInvite;
  }

  async removeColleague(name: string): Promise<void> {
    await this._request(`session/colleagues/${encodeURIComponent(name)}`, {
      method: 'DELETE'
    });
  }

  /**
   * One page of jobs.
   *
   * @param etag - Of the answer that the caller still has; nothing is sent again if it is current.
   * @returns `null` instead of the page if the caller's is current.
   */
  async jobs(
    query: NeuroClient.IJobQuery,
    etag = '',
    signal?: AbortSignal
  ): Promise<{ page: JobPage | null; etag: string }> {
    const parameters = new URLSearchParams({ owner: query.owner });
    query.statuses?.forEach(status => parameters.append('status', status));
    if (query.text) {
      parameters.set('q', query.text);
    }
    parameters.set('limit', String(query.limit ?? 100));
    if (query.after) {
      parameters.set('after', query.after);
    }
    // with a condition of our own the browser hands the 304 to us only outside of its own cache modes
    const init: RequestInit = etag
      ? { cache: 'default', headers: { 'If-None-Match': etag } }
      : {};
    const answer = await this._request(`jobs?${parameters}`, {
      ...init,
      signal
    });
    return {
      page:
        answer.status === 304
          ? null
          : completePage(answer.body as Sparse<JobPage>),
      etag: answer.etag || etag
    };
  }

  /** One job by ID, name or URI. */
  async job(reference: string): Promise<Job> {
    const { body } = await this._request(
      `jobs/${encodeURIComponent(reference)}`
    );
    return completeJob(body as Sparse<Job>);
  }

  /** Start a job. The same `submit_tag` again gives the same job, so this may be repeated. */
  async submit(job: Partial<JobSubmit>): Promise<Job> {
    const { body } = await this._request('jobs', post(job));
    return completeJob(body as Sparse<Job>);
  }

  async kill(id: string): Promise<void> {
    await this._request(`jobs/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  /** Tell the server's poller whether somebody looks at the lists. */
  async attention(visible: boolean): Promise<void> {
    await this._request('attention', post({ visible }));
  }

  /** Where the whole log is downloaded from, by the browser itself. */
  logUrl(id: string): string {
    return URLExt.join(
      this.serverSettings.baseUrl,
      API,
      `jobs/${encodeURIComponent(id)}/log`
    );
  }

  private _request(path: string, init?: RequestInit) {
    return request(this.serverSettings, path, init);
  }

  private async _session(path: string, init: RequestInit): Promise<Session> {
    const { body } = await this._request(path, init);
    return completeSession(body as Sparse<Session>);
  }
}

export namespace NeuroClient {
  export type Owner = 'mine' | 'shared' | 'all';

  export interface IJobQuery {
    owner: Owner;
    statuses?: Status[];
    text?: string;
    limit?: number;
    after?: string;
  }
}

function post(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body) };
}
