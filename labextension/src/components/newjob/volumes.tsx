import {
  HTMLSelect,
  addIcon,
  closeIcon,
  folderIcon
} from '@jupyterlab/ui-components';
import React from 'react';

import type { IDraft, Problems } from '../../models/form';
import { modernUri } from '../../models/form';
import { useScope } from '../context';
import { Hint } from '../field';
import { Note } from '../note';

/** What a volume looks like, in every language. */
const EXAMPLE = { storage: 'storage:data', mount: '/project/data' };

/** Storage folders that the job shall see. */
export function Volumes(props: {
  volumes: IDraft['volumes'];
  change: (volumes: IDraft['volumes']) => void;
  problems: Problems;
}): JSX.Element {
  const { neuro, trans } = useScope();
  const { volumes, problems } = props;
  const { session } = neuro.session;
  const set = (at: number, part: Partial<IDraft['volumes'][0]>) =>
    props.change(
      volumes.map((volume, index) =>
        index === at ? { ...volume, ...part } : volume
      )
    );
  return (
    <section className="jp-NeuroField" data-field="volumes">
      <h3 className="jp-NeuroField-label">{trans.__('Volumes')}</h3>
      {volumes.length > 0 && (
        <div className="jp-NeuroVolumes-row jp-mod-head" aria-hidden="true">
          <span>{trans.__('Storage')}</span>
          <span>{trans.__('In the job')}</span>
          <span>{trans.__('Mode')}</span>
          <span />
        </div>
      )}
      {volumes.map((volume, at) => {
        const id = `jp-neuro-volume-${at}`;
        const both = problems[`volumes.${at}`];
        const storage = problems[`volumes.${at}.storage`] ?? both;
        const mount = problems[`volumes.${at}.mount`];
        const modern = modernUri(volume.storage, session);
        return (
          <div key={at} role="group" aria-label={trans.__('Volume %1', at + 1)}>
            <div className="jp-NeuroVolumes-row">
              <span className="jp-NeuroVolumes-storage">
                <folderIcon.react tag="span" aria-hidden="true" />
                <input
                  className="jp-NeuroInput"
                  value={volume.storage}
                  placeholder={EXAMPLE.storage}
                  spellCheck={false}
                  aria-label={trans.__('Storage of volume %1', at + 1)}
                  aria-invalid={storage ? true : undefined}
                  aria-describedby={storage ? `${id}-s-problem` : undefined}
                  data-field={`volumes.${at}.storage`}
                  onChange={event => set(at, { storage: event.target.value })}
                />
              </span>
              <input
                className="jp-NeuroInput jp-mod-code"
                value={volume.mount}
                placeholder={EXAMPLE.mount}
                spellCheck={false}
                aria-label={trans.__('Path in the job of volume %1', at + 1)}
                aria-invalid={mount ? true : undefined}
                aria-describedby={mount ? `${id}-m-problem` : undefined}
                data-field={`volumes.${at}.mount`}
                onChange={event => set(at, { mount: event.target.value })}
              />
              <HTMLSelect
                className="jp-NeuroSelect"
                value={volume.readOnly ? 'ro' : 'rw'}
                aria-label={trans.__('Mode of volume %1', at + 1)}
                onChange={event =>
                  set(at, { readOnly: event.target.value === 'ro' })
                }
              >
                <option value="ro">{trans.__('Read only')}</option>
                <option value="rw">{trans.__('Read & write')}</option>
              </HTMLSelect>
              <button
                className="jp-NeuroIconButton"
                title={trans.__('Remove')}
                aria-label={trans.__('Remove volume %1', at + 1)}
                onClick={() =>
                  props.change(volumes.filter((_, index) => index !== at))
                }
              >
                <closeIcon.react tag="span" aria-hidden="true" />
              </button>
            </div>
            <Hint id={`${id}-s`} problem={storage} />
            <Hint id={`${id}-m`} problem={mount} />
            {modern && (
              <Note
                kind="warning"
                quiet
                actions={[
                  {
                    label: trans.__('Use %1', modern),
                    run: () => set(at, { storage: modern })
                  }
                ]}
              >
                {trans.__(
                  'This is how older documents write it; it does not resolve today.'
                )}
              </Note>
            )}
          </div>
        );
      })}
      <button
        className="jp-NeuroButton"
        onClick={() =>
          props.change([...volumes, { storage: '', mount: '', readOnly: true }])
        }
      >
        <addIcon.react tag="span" aria-hidden="true" />
        {trans.__('Add volume')}
      </button>
      {session?.platform?.tier === 'process' && volumes.length > 0 && (
        <div className="jp-NeuroField-hint">
          {trans.__(
            'Jobs here run without a sandbox: in the command, the environment and the working directory each path in the job is replaced by the real folder of its volume.'
          )}
        </div>
      )}
    </section>
  );
}
