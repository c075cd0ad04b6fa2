import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';

import { StatusItem } from '../panels/status';
import { INeuro } from '../tokens';

/** The status bar's word about my jobs. */
export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-neuro:status',
  description: 'My running and failed jobs in the status bar.',
  autoStart: true,
  requires: [INeuro],
  optional: [IStatusBar],
  activate: (
    app: JupyterFrontEnd,
    neuro: INeuro,
    statusBar: IStatusBar | null
  ): void => {
    if (!statusBar) {
      return;
    }
    const item = new StatusItem({ neuro, commands: app.commands });
    const registered = statusBar.registerStatusItem('jupyter-neuro:status', {
      item,
      align: 'left',
      rank: 5,
      isActive: () => item.isActive,
      activeStateChanged: item.activeChanged
    });
    item.disposed.connect(() => registered.dispose());
  }
};
