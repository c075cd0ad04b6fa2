import { HTMLSelect, addIcon, closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { Level } from '../../api/wire';
import type { IDraft, Problems } from '../../models/form';
import { levelSentence } from '../../models/words';
import { useScope } from '../context';
import { Hint } from '../field';
import { Note } from '../note';
import { Rich, SLOTS } from '../rich';

const LEVELS: Level[] = ['read', 'write', 'manage'];

/** Who gets to see the job as soon as it is accepted, and what that lets them do. */
export function Sharing(props: {
  draft: IDraft;
  change: (share: IDraft['share']) => void;
  problems: Problems;
}): JSX.Element {
  const { trans } = useScope();
  const { draft, problems } = props;
  const { share } = draft;
  const set = (at: number, part: Partial<IDraft['share'][0]>) =>
    props.change(
      share.map((grant, index) =>
        index === at ? { ...grant, ...part } : grant
      )
    );
  return (
    <section className="jp-NeuroField" data-field="share">
      <h3 className="jp-NeuroField-label">
        {trans.__('Share when it starts')}
      </h3>
      {share.map(({ user, level }, at) => {
        const id = `jp-neuro-share-${at}`;
        const problem =
          problems[`share.${at}`] ??
          (user.trim() ? problems[`share.${user.trim()}`] : undefined);
        return (
          <div key={at}>
            <div className="jp-NeuroSharing-row">
              <input
                className="jp-NeuroInput"
                value={user}
                placeholder={trans.__('user')}
                spellCheck={false}
                aria-label={trans.__('User %1', at + 1)}
                aria-invalid={problem ? true : undefined}
                aria-describedby={problem ? `${id}-problem` : undefined}
                data-field={`share.${at}`}
                onChange={event => set(at, { user: event.target.value })}
              />
              <HTMLSelect
                className="jp-NeuroSelect"
                value={level}
                aria-label={trans.__('Level of user %1', at + 1)}
                title={levelSentence(trans, level)}
                onChange={event =>
                  set(at, { level: event.target.value as Level })
                }
              >
                {LEVELS.map(word => (
                  <option key={word} value={word}>
                    {word}
                  </option>
                ))}
              </HTMLSelect>
              <button
                className="jp-NeuroIconButton"
                title={trans.__('Remove')}
                aria-label={trans.__('Remove user %1', at + 1)}
                onClick={() =>
                  props.change(share.filter((_, index) => index !== at))
                }
              >
                <closeIcon.react tag="span" aria-hidden="true" />
              </button>
            </div>
            <Hint id={id} problem={problem} />
            {user.trim() && level !== 'read' && (
              <Widened
                draft={draft}
                user={user.trim()}
                level={level}
                useRead={() => set(at, { level: 'read' })}
              />
            )}
          </div>
        );
      })}
      <button
        className="jp-NeuroButton"
        onClick={() => props.change([...share, { user: '', level: 'read' }])}
      >
        <addIcon.react tag="span" aria-hidden="true" />
        {trans.__('Add person')}
      </button>
      <Hint id="jp-neuro-share" problem={problems.share} />
    </section>
  );
}

/** What a level above `read` means, before it is given. */
function Widened(props: {
  draft: IDraft;
  user: string;
  level: Level;
  useRead: () => void;
}): JSX.Element {
  const { trans } = useScope();
  const { draft, user, level } = props;
  const writable = draft.volumes.filter(
    volume => !volume.readOnly && volume.storage.trim()
  );
  const notebooks = writable.find(({ storage }) =>
    /(?:^|[:/])notebooks\/?$/.test(storage.trim())
  );
  const where = (notebooks ?? writable[0])?.storage.trim();
  return (
    <Note
      kind="warning"
      quiet
      actions={[{ label: trans.__('Use read'), run: props.useRead }]}
    >
      {notebooks ? (
        <Rich
          text={trans.__(
            '**%1 could change your notebooks.** With **%2** they can edit files in %3 through this job.',
            ...SLOTS
          )}
          values={[user, level, where]}
        />
      ) : where ? (
        <Rich
          text={trans.__(
            '**%1 could change your files.** With **%2** they can edit files in %3 through this job.',
            ...SLOTS
          )}
          values={[user, level, where]}
        />
      ) : (
        <Rich
          text={trans.__(
            'With **%2** %1 can run commands in this job and kill it.',
            ...SLOTS
          )}
          values={[user, level]}
        />
      )}
      {level === 'manage' &&
        ` ${trans.__('%1 could share this with others.', user)}`}
    </Note>
  );
}
