import { Dialog, showDialog } from '@jupyterlab/apputils';
import { addIcon } from '@jupyterlab/ui-components';
import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import React from 'react';

import { CommandIDs } from '../commands';
import type { IScope } from '../components/context';
import type { IDraft } from '../models/form';
import { looksSecret } from '../models/form';
import { Submission } from '../models/submit';
import { ViewWidget } from './view';

/** Images whose replacement by the host system was agreed to, as long as the page lives. */
const agreed = new Set<string>();

/** The main-area form for a new job. */
export class NewJobPanel extends ViewWidget {
  /** @param id - Of the widget that is restored; the Lab finds its place by it. */
  constructor(scope: IScope, draft: IDraft, id?: string) {
    super(scope, async () => {
      const { NewJob } = await import('../components/newjob/form');
      return () => (
        <NewJob
          draft={this._draft}
          submission={this._submission}
          keep={draft => {
            this._draft = draft;
            this._changed.emit();
          }}
          consent={image => consent(scope, image)}
          done={job => {
            // what it prints is what one waits for now
            void scope.commands.execute(CommandIDs.showLogs, { id: job.id });
            void scope.neuro.list.refresh();
            void scope.neuro.active.refresh();
            this.dispose();
          }}
          cancel={() => this.dispose()}
        />
      );
    });
    this._draft = draft;
    this._submission = new Submission(scope.neuro.client);
    this.id = id ?? `jp-neuro-new-job-${UUID.uuid4()}`;
    this.addClass('jp-NeuroMain');
    this.title.label = scope.neuro.trans.__('New job');
    this.title.icon = addIcon;
    this.title.closable = true;
  }

  /** Emits when something was typed. */
  get changed(): Signal<this, void> {
    return this._changed;
  }

  /** What to restore after a reload: all but what looks like a secret. */
  get keepable(): IDraft {
    return {
      ...this._draft,
      env: this._draft.env.map(({ name, value }) => ({
        name,
        value: looksSecret(name, value) ? '' : value
      }))
    };
  }

  private _draft: IDraft;
  private readonly _submission: Submission;
  private readonly _changed = new Signal<this, void>(this);
}

/** Ask, once per name, whether an image may be replaced by this computer's own system. */
async function consent(scope: IScope, image: string): Promise<boolean> {
  if (agreed.has(image)) {
    return true;
  }
  const { trans } = scope.neuro;
  const result = await showDialog({
    title: trans.__('Run on the host system?'),
    body: trans.__(
      'This computer cannot run the image %1. The job would run on the host system instead, with the Python of this Jupyter: what only the image has is missing.',
      image
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Run on the host system') })
    ],
    defaultButton: 0
  });
  if (result.button.accept) {
    agreed.add(image);
  }
  return result.button.accept;
}
