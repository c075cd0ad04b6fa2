import React from 'react';

import type { IScope } from '../components/context';
import type { Tab } from '../components/jobview';
import { stateIcons } from '../icons';
import { JobModel } from '../models/job';
import { LogModel } from '../models/log';
import { shortId } from '../models/words';
import { ViewWidget } from './view';

/** The main-area view of one job. */
export class JobPanel extends ViewWidget {
  constructor(scope: IScope, id: string, tab: Tab | null) {
    super(scope, async () => {
      const { JobView } = await import('../components/jobview');
      return ({ visible }) => (
        <JobView
          model={this.model}
          log={() => this._openLog()}
          visible={visible}
          wish={this._wish}
        />
      );
    });
    const { neuro } = scope;
    this._neuro = neuro;
    this._wish = { tab, at: 0 };
    this.id = `jp-neuro-job-${id}`;
    this.addClass('jp-NeuroMain');
    this.title.closable = true;
    this.title.label = shortId(id);
    this.title.icon = stateIcons.unknown;
    this.model = new JobModel({
      client: neuro.client,
      feed: neuro.feed,
      id,
      ready: neuro.started
    });
    this.model.changed.connect(this._onChanged, this);
    this.visibleChanged.connect((_, visible) => {
      this.model.visible = visible;
    });
  }

  readonly model: JobModel;

  /** Show one of the tabs. */
  showTab(tab: Tab): void {
    this._wish = { tab, at: this._wish.at + 1 };
    this.update();
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.model.dispose();
    this._log?.dispose();
    super.dispose();
  }

  private _openLog(): LogModel {
    const { client, preferences } = this._neuro;
    this._log ??= new LogModel({
      settings: client.serverSettings,
      id: this.model.id,
      maxLines: preferences.logMaxLines,
      timestamps: true
    });
    return this._log;
  }

  private _onChanged(): void {
    const { job } = this.model;
    if (job) {
      const { trans } = this._neuro;
      this.title.label = job.name
        ? trans.__('%1 · %2', job.name, shortId(job.id))
        : shortId(job.id);
      this.title.icon = stateIcons[job.status];
      this.title.iconClass = `jp-NeuroState jp-mod-${job.status}`;
      this.title.caption = `${job.name ?? ''} ${job.id}`.trim();
    }
  }

  private readonly _neuro: IScope['neuro'];
  private _wish: { tab: Tab | null; at: number };
  private _log: LogModel | null = null;
}
