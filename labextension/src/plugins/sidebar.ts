import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { filterIcon } from '@jupyterlab/ui-components';

import { CommandIDs } from '../commands';
import { Attention } from '../models/attention';
import { SIDEBAR_ID, Sidebar } from '../panels/sidebar';
import { INeuro } from '../tokens';

/** The Neuro sidebar. */
export const sidebarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-neuro:sidebar',
  description: 'The Neuro sidebar: who and where I am, and my jobs.',
  autoStart: true,
  requires: [INeuro],
  optional: [ITranslator, ILayoutRestorer, ILabShell],
  activate: (
    app: JupyterFrontEnd,
    neuro: INeuro,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    labShell: ILabShell | null
  ): void => {
    const { commands, shell } = app;
    const { trans } = neuro;
    const sidebar = new Sidebar(
      { neuro, commands },
      translator ?? nullTranslator
    );
    const attention = new Attention(neuro.client);
    sidebar.disposed.connect(() => attention.dispose());
    sidebar.jobs.visibleChanged.connect((_, visible) => {
      neuro.list.visible = visible;
      attention.visible = visible && neuro.session.isReady;
    });
    neuro.session.changed.connect(() => {
      attention.visible = sidebar.jobs.isVisible && neuro.session.isReady;
    });

    commands.addCommand(CommandIDs.showPanel, {
      label: trans.__('Jobs'),
      caption: trans.__('Show the Neuro sidebar'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => shell.activateById(SIDEBAR_ID)
    });
    commands.addCommand(CommandIDs.filterJobs, {
      label: trans.__('Filter by State'),
      caption: trans.__('Show or hide the states to filter jobs by'),
      icon: filterIcon,
      isToggled: () => sidebar.jobs.chips,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => {
        sidebar.jobs.chips = !sidebar.jobs.chips;
      }
    });

    shell.add(sidebar, 'left', { rank: 150, type: 'Neuro' });
    restorer?.add(sidebar, SIDEBAR_ID);
    void neuro.started.then(() => {
      // once in the life of an installation, so that it is found
      if (neuro.session.session?.first_start && labShell) {
        labShell.activateById(SIDEBAR_ID);
      }
    });
  }
};
