import { Dialog, showDialog } from '@jupyterlab/apputils';
import React from 'react';

import { tierSentence } from '../models/words';
import type { INeuro } from '../tokens';
import { VERSION } from '../version';

/** Versions of both halves, and which platform they talk to. */
export async function aboutDialog(neuro: INeuro): Promise<void> {
  const { trans } = neuro;
  const { session } = neuro.session;
  const platform = session?.platform;
  const rows: [string, string][] = [
    [trans.__('Page'), VERSION],
    [trans.__('Server part'), session?.version ?? '–'],
    [trans.__('Platform'), platform?.title ?? '–'],
    [trans.__('Address'), platform?.url ?? '–'],
    [trans.__('User'), session?.user || '–'],
    [trans.__('Project'), session?.project || '–']
  ];
  await showDialog({
    title: trans.__('About Neuro'),
    body: (
      <div className="jp-NeuroDetails">
        <dl className="jp-NeuroAbout">
          {rows.map(([label, value]) => (
            <React.Fragment key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </React.Fragment>
          ))}
        </dl>
        {platform?.kind === 'local' && (
          <p>{tierSentence(trans, platform.tier)}</p>
        )}
      </div>
    ),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}
