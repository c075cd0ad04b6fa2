import {
  CommandToolbarButton,
  PanelWithToolbar,
  SidePanel,
  Toolbar
} from '@jupyterlab/ui-components';
import type { ITranslator } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';
import { AccordionPanel, Widget } from '@lumino/widgets';
import React from 'react';

import { CommandIDs } from '../commands';
import type { IScope } from '../components/context';
import { logoIcon } from '../icons';
import { ViewWidget } from './view';

export const SIDEBAR_ID = 'jp-neuro-sidebar';

/** Attribute of the side bar's tab that the style sheet draws as a badge. */
const BADGE = 'neuro-badge';

/** The Neuro sidebar: header and state of the panel on top, sections below. */
export class Sidebar extends SidePanel {
  constructor(scope: IScope, translator: ITranslator) {
    super({ translator });
    this._scope = scope;
    const { trans } = scope.neuro;
    this.id = SIDEBAR_ID;
    this.addClass('jp-NeuroSidebar');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Neuro'));
    this.title.icon = logoIcon;
    this.header.addWidget(
      new ViewWidget(scope, async () => {
        const { Header } = await import('../components/header');
        const { PanelState } = await import('../components/panelstate');
        return () => (
          <>
            <Header />
            <PanelState />
          </>
        );
      })
    );
    this.jobs = new JobsSection(scope);
    this.addWidget(this.jobs);
    if (this.content instanceof AccordionPanel) {
      this.content.expand(0);
    }
    const { session, active, preferencesChanged } = scope.neuro;
    session.changed.connect(this._onSession, this);
    active.changed.connect(this._onActive, this);
    preferencesChanged.connect(this._onActive, this);
    this._onSession();
    this._onActive();
  }

  readonly jobs: JobsSection;

  protected onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    const first = this.node.querySelector<HTMLElement>(
      '.jp-NeuroJobs-row[tabindex="0"], .jp-NeuroView button'
    );
    first?.focus();
  }

  private _onSession(): void {
    // without a platform there is nothing the sections could list
    this.content.setHidden(!this._scope.neuro.session.isReady);
  }

  /** Badge and tooltip: my running jobs. */
  private _onActive(): void {
    const { active, preferences, trans } = this._scope.neuro;
    const running = active.jobs.filter(
      ({ status }) => status === 'running'
    ).length;
    const pending = active.jobs.filter(
      ({ status }) => status === 'pending'
    ).length;
    const count = running > 99 ? '99+' : running ? String(running) : '';
    const dataset = { ...this.title.dataset };
    delete dataset[BADGE];
    if (count && preferences.showBadge) {
      dataset[BADGE] = count;
    }
    this.title.dataset = dataset;
    this.title.caption =
      running || pending
        ? trans.__('Neuro: %1 running, %2 pending', running, pending)
        : trans.__('Neuro');
  }

  private readonly _scope: IScope;
}

/** The section of jobs, with its toolbar and its counts in the title. */
class JobsSection extends PanelWithToolbar {
  constructor(scope: IScope) {
    super({ toolbar: new Toolbar() });
    this._scope = scope;
    const { commands, neuro } = scope;
    this.addClass('jp-NeuroSection');
    this.id = 'jp-neuro-jobs';
    this.title.label = neuro.trans.__('Jobs');
    this._count.addClass('jp-NeuroSection-count');
    this.toolbar.addItem('count', this._count);
    this.toolbar.addItem('spacer', Toolbar.createSpacerItem());
    for (const id of [
      CommandIDs.createJob,
      CommandIDs.filterJobs,
      CommandIDs.refreshAll
    ]) {
      this.toolbar.addItem(
        id,
        new CommandToolbarButton({ commands, id, label: '' })
      );
    }
    this._view = new ViewWidget(scope, async () => {
      const { Jobs } = await import('../components/jobs');
      return ({ visible }) => <Jobs chips={this._chips} visible={visible} />;
    });
    this.addWidget(this._view);
    neuro.list.changed.connect(this._onChanged, this);
    this._onChanged();
  }

  /** Emits when the list comes into or goes out of sight. */
  get visibleChanged(): ISignal<unknown, boolean> {
    return this._view.visibleChanged;
  }

  /** Whether the states to filter by are shown. */
  get chips(): boolean {
    return this._chips;
  }

  set chips(shown: boolean) {
    this._chips = shown;
    this._view.update();
    this._scope.commands.notifyCommandChanged(CommandIDs.filterJobs);
  }

  private _onChanged(): void {
    const { list, trans } = this._scope.neuro;
    const page = list.page;
    const parts: string[] = [];
    if (page?.running) {
      parts.push(trans.__('%1 running', page.running));
    }
    if (page?.pending) {
      parts.push(trans.__('%1 pending', page.pending));
    }
    this._count.node.textContent = page ? parts.join(' · ') : '';
    this._count.node.title = this._count.node.textContent;
  }

  private readonly _scope: IScope;
  private readonly _view: ViewWidget;
  private readonly _count = new Widget();
  private _chips = false;
}
