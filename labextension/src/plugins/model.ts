import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Neuro } from '../models/neuro';
import { preferencesOf } from '../models/preferences';
import { INeuro } from '../tokens';

export const SETTINGS = 'jupyter-neuro:plugin';

/** The models that every other plug-in of ours shows or acts on. */
export const modelPlugin: JupyterFrontEndPlugin<INeuro> = {
  id: SETTINGS,
  description: 'The session, the jobs and the settings of Neuro.',
  autoStart: true,
  provides: INeuro,
  optional: [ITranslator, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    translator: ITranslator | null,
    registry: ISettingRegistry | null
  ): INeuro => {
    const neuro = new Neuro({
      settings: app.serviceManager.serverSettings,
      trans: (translator ?? nullTranslator).load('jupyter_neuro'),
      language: translator?.languageCode ?? 'en'
    });
    registry?.load(SETTINGS).then(
      settings => {
        neuro.preferences = preferencesOf(settings);
        settings.changed.connect(() => {
          neuro.preferences = preferencesOf(settings);
        });
      },
      (reason: unknown) => {
        console.error('jupyter-neuro: settings failed to load', reason);
      }
    );
    void app.restored.then(() => neuro.start());
    return neuro;
  }
};
