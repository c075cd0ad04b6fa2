import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import React from 'react';

import type { Job } from '../api/wire';
import { CommandIDs } from '../commands';
import type { IScope } from '../components/context';
import { logoIcon } from '../icons';

/** The most urgent thing in the status bar, nothing when there is none. */
export class StatusItem extends ReactWidget {
  constructor(scope: IScope) {
    super();
    this._scope = scope;
    const { neuro } = scope;
    this.addClass('jp-NeuroStatus');
    neuro.active.changed.connect(this._onChanged, this);
    neuro.preferencesChanged.connect(this._onChanged, this);
    neuro.ended.connect(this._onEnded, this);
  }

  get activeChanged(): Signal<this, void> {
    return this._activeChanged;
  }

  /** Whether there is anything to say. */
  get isActive(): boolean {
    return this._scope.neuro.preferences.showStatusBar && this._text() !== '';
  }

  protected render(): JSX.Element {
    const { commands, neuro } = this._scope;
    return (
      <button
        className="jp-NeuroStatus-button"
        title={neuro.trans.__('Show the Neuro sidebar')}
        onClick={() => {
          this._failed = 0;
          this._onChanged();
          void commands.execute(CommandIDs.showPanel);
        }}
      >
        <logoIcon.react tag="span" aria-hidden="true" />
        <span>{this._text()}</span>
      </button>
    );
  }

  private _text(): string {
    const { active, trans } = this._scope.neuro;
    if (active.isStale) {
      return trans.__('Neuro offline');
    }
    const count = (status: string) =>
      active.jobs.filter(job => job.status === status).length;
    const running = count('running');
    const pending = count('pending');
    const parts: string[] = [];
    if (this._failed) {
      parts.push(trans.__('%1 failed', this._failed));
    }
    if (running) {
      parts.push(trans.__('%1 running', running));
    } else if (pending) {
      parts.push(trans.__('%1 pending', pending));
    }
    return parts.join(' · ');
  }

  private _onEnded(_: unknown, job: Job): void {
    if (job.status === 'failed' || job.status === 'lost') {
      this._failed += 1;
      this._onChanged();
    }
  }

  private _onChanged(): void {
    this.update();
    this._activeChanged.emit();
  }

  private readonly _scope: IScope;
  private readonly _activeChanged = new Signal<this, void>(this);
  /** Failed jobs nobody has looked for yet. */
  private _failed = 0;
}
