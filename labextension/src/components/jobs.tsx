import { addIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands';
import { useScope, useSignal } from './context';
import { ErrorNote } from './errornote';
import { JobFilter } from './jobfilter';
import { JobList } from './joblist';
import { Loading } from './loading';
import { Note } from './note';
import { Rich } from './rich';

/** The Jobs section: filter, list, and every state it can be in. */
export function Jobs(props: { chips: boolean; visible: boolean }): JSX.Element {
  const { neuro, trans } = useScope();
  const model = neuro.list;
  useSignal(model.changed);
  useSignal(neuro.feed.liveChanged);
  const { page, error, filter } = model;
  const filtered =
    Boolean(filter.text) ||
    Boolean(filter.statuses?.length) ||
    filter.owner !== 'mine';
  const blank =
    page !== null && page.total === 0 && !filtered && !(page.shared ?? 0);
  return (
    <div className="jp-NeuroJobs">
      {(!blank || props.chips) && (
        <JobFilter model={model} chips={props.chips} />
      )}
      <Body filtered={filtered} visible={props.visible} />
      {!neuro.feed.isLive && page !== null && !error && (
        <div className="jp-NeuroJobs-footer">
          {trans.__(
            'Live updates are interrupted; refreshing every %1 s.',
            model.refreshSeconds
          )}
        </div>
      )}
    </div>
  );
}

function Body(props: { filtered: boolean; visible: boolean }): JSX.Element {
  const { commands, neuro, trans } = useScope();
  const model = neuro.list;
  const { page, error, jobs } = model;
  const session = neuro.session.session;
  if (!page) {
    if (!error) {
      return (
        <Loading since={model.loadingSince} cancel={() => model.cancel()} />
      );
    }
    if (error.code === 'forbidden') {
      const role = session?.projects.find(
        ({ name }) => name === session.project
      )?.role;
      return (
        <Note kind="error">
          {trans.__(
            'You may not list %1 in project %2 (your role: %3).',
            trans.__('jobs'),
            session?.project ?? '–',
            role ?? '–'
          )}
        </Note>
      );
    }
    return (
      <ErrorNote
        error={error}
        what={trans.__('jobs')}
        retry={() => void model.refresh()}
      />
    );
  }
  if (jobs.length > 0) {
    return <JobList model={model} visible={props.visible} />;
  }
  if (props.filtered) {
    return (
      <div className="jp-NeuroEmpty">
        <p>
          {page.hidden > 0
            ? trans.__(
                'No job fits this filter. %1 are hidden by it.',
                page.hidden
              )
            : model.filter.owner === 'shared'
              ? trans.__(
                  'Nobody has shared a job with you in %1.',
                  session?.platform?.cluster || session?.platform?.title || '–'
                )
              : trans.__('No job fits this filter.')}
        </p>
        <button
          className="jp-NeuroButton"
          onClick={() => model.setFilter({ owner: 'mine' })}
        >
          {trans.__('Clear filter')}
        </button>
      </div>
    );
  }
  return (
    <div className="jp-NeuroEmpty">
      <p className="jp-NeuroEmpty-title">{trans.__('No jobs yet.')}</p>
      <button
        className="jp-NeuroButton jp-mod-primary"
        onClick={() => void commands.execute(CommandIDs.createJob)}
      >
        <addIcon.react tag="span" aria-hidden="true" />
        {trans.__('New job…')}
      </button>
      <p className="jp-NeuroEmpty-small">
        <Rich text={trans.__('or run `%neuro run` in a cell')} />
      </p>
      {(page.shared ?? 0) > 0 && (
        <button
          className="jp-NeuroButton"
          onClick={() => model.setFilter({ owner: 'shared' })}
        >
          {trans._n(
            'Show %1 job shared with me',
            'Show %1 jobs shared with me',
            page.shared ?? 0
          )}
        </button>
      )}
    </div>
  );
}
