import {
  HTMLSelect,
  filterListIcon,
  searchIcon
} from '@jupyterlab/ui-components';
import { Debouncer } from '@lumino/polling';
import React, { useEffect, useMemo, useRef, useState } from 'react';

import type { NeuroClient } from '../api/client';
import type { Status } from '../api/wire';
import { CommandIDs } from '../commands';
import type { JobsModel } from '../models/jobs';
import { statusWord } from '../models/words';
import { useScope } from './context';
import { StateIcon } from './state';

const STATUSES: Status[] = [
  'running',
  'pending',
  'succeeded',
  'failed',
  'cancelled',
  'lost'
];

/** Whether a text is a job's ID or URI, which Enter opens instead of filtering by it. */
export function isReference(text: string): boolean {
  return /^job-[0-9a-f]{4,}[0-9a-f-]*$|^job:\S+$/i.test(text.trim());
}

/** The filter box, whose jobs, and on demand the states. */
export function JobFilter(props: {
  model: JobsModel;
  chips: boolean;
}): JSX.Element {
  const { commands, trans } = useScope();
  const { model } = props;
  const [text, setText] = useState(model.filter.text ?? '');
  const box = useRef<HTMLInputElement>(null);
  const applied = model.filter.text ?? '';
  const change = (part: Partial<NeuroClient.IJobQuery>) =>
    model.setFilter({ ...model.filter, ...part });
  const later = useMemo(
    () =>
      new Debouncer((value: string) => {
        if (!isReference(value)) {
          model.setFilter({ ...model.filter, text: value.trim() });
        }
      }, 200),
    [model]
  );
  useEffect(() => () => later.dispose(), [later]);
  // "Clear filter" empties the box too
  useEffect(() => setText(applied), [applied]);

  const type = (value: string) => {
    setText(value);
    void later.invoke(value);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && isReference(text)) {
      event.preventDefault();
      void commands
        .execute(CommandIDs.openJob, { reference: text.trim() })
        .then(opened => opened && type(''));
    } else if (event.key === 'Escape' && text) {
      type('');
    } else if (event.key === 'Escape' || event.key === 'ArrowDown') {
      event.preventDefault();
      box.current
        ?.closest('.jp-NeuroJobs')
        ?.querySelector<HTMLElement>('.jp-NeuroJobs-row[tabindex="0"]')
        ?.focus();
    }
  };
  const chosen = model.filter.statuses ?? [];
  const toggle = (status: Status) =>
    change({
      statuses: chosen.includes(status)
        ? chosen.filter(other => other !== status)
        : [...chosen, status]
    });
  return (
    <div className="jp-NeuroFilter" role="search">
      <div className="jp-NeuroFilter-line">
        <span className="jp-NeuroFilter-box">
          <searchIcon.react tag="span" aria-hidden="true" />
          <input
            ref={box}
            className="jp-NeuroInput"
            value={text}
            placeholder={trans.__('Filter by name, ID, tag')}
            aria-label={trans.__(
              'Filter by name, ID, tag; Enter opens a pasted ID or URI'
            )}
            spellCheck={false}
            onChange={event => type(event.target.value)}
            onKeyDown={onKeyDown}
          />
        </span>
        <span className="jp-NeuroFilter-owner">
          <filterListIcon.react
            tag="span"
            className="jp-NeuroFilter-ownerIcon"
            aria-hidden="true"
          />
          <HTMLSelect
            className="jp-NeuroSelect"
            value={model.filter.owner}
            aria-label={trans.__('Whose jobs')}
            title={trans.__('Whose jobs')}
            onChange={event =>
              change({
                owner: event.target.value as NeuroClient.Owner
              })
            }
          >
            <option value="mine">{trans.__('Mine')}</option>
            <option value="shared">{trans.__('Shared with me')}</option>
            <option value="all">{trans.__('All in project')}</option>
          </HTMLSelect>
        </span>
      </div>
      {props.chips && (
        <div
          className="jp-NeuroFilter-chips"
          role="group"
          aria-label={trans.__('Only these states')}
        >
          {STATUSES.map(status => (
            <button
              key={status}
              className="jp-NeuroFilter-chip"
              aria-pressed={chosen.includes(status)}
              onClick={() => toggle(status)}
            >
              <StateIcon status={status} />
              {statusWord(trans, status)}
            </button>
          ))}
        </div>
      )}
      {isReference(text) && (
        <div className="jp-NeuroFilter-hint">
          {trans.__('Enter opens this job.')}
        </div>
      )}
    </div>
  );
}
