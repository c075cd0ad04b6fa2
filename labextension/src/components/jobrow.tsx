import { ellipsesIcon, refreshIcon, stopIcon } from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { Job } from '../api/wire';
import { CommandIDs } from '../commands';
import { logsIcon } from '../icons';
import { isActive } from '../models/jobmerge';
import { cutName, rightText, secondParts, spokenRow } from '../models/rows';
import { title } from '../models/words';
import { useScope } from './context';
import { StateIcon } from './state';

interface IJobRowProps {
  job: Job;
  tall: boolean;
  /** Pixels from the list's top. */
  top: number;
  height: number;
  index: number;
  focusable: boolean;
  narrow: boolean;
  stale: boolean;
  now: number;
  onFocus: () => void;
}

/** One job: two lines while it may still change, one when it is over; its actions come with pointer or focus. */
export const JobRow = React.memo((props: IJobRowProps): JSX.Element => {
  const { commands, language, trans } = useScope();
  const { job, tall, now, stale, narrow } = props;
  const words = { now, language, stale };
  const parts = secondParts(trans, job, now);
  const name = title(job);
  const open = () => void commands.execute(CommandIDs.openJob, { id: job.id });
  const right = rightText(trans, job, words);
  const shown = narrow ? parts.slice(0, 2) : parts;
  const second = shown.map((part, at) => (
    <React.Fragment key={at}>
      {at > 0 && <span aria-hidden="true"> · </span>}
      {part}
    </React.Fragment>
  ));
  return (
    <div
      className={`jp-NeuroJobs-row${tall ? ' jp-mod-tall' : ''}`}
      role="row"
      aria-rowindex={props.index + 1}
      aria-label={spokenRow(trans, job, words)}
      tabIndex={props.focusable ? 0 : -1}
      style={{ top: props.top, height: props.height }}
      data-job-id={job.id}
      data-status={job.status}
      onFocus={props.onFocus}
      onDoubleClick={open}
    >
      <div className="jp-NeuroJobs-main" role="gridcell">
        <StateIcon status={job.status} stale={stale} />
        <div className="jp-NeuroJobs-words">
          <span className="jp-NeuroJobs-name" title={tooltip(job)}>
            {cutName(name, narrow ? 18 : 40)}
          </span>
          {tall ? (
            <span className="jp-NeuroJobs-second">{second}</span>
          ) : (
            <span className="jp-NeuroJobs-aside">{second}</span>
          )}
        </div>
        <span className="jp-NeuroJobs-right">{right}</span>
      </div>
      <RowActions job={job} narrow={narrow} />
    </div>
  );
});
JobRow.displayName = 'JobRow';

function tooltip(job: Job): string {
  return [job.name, job.id, job.image_note].filter(Boolean).join('\n');
}

function RowActions(props: { job: Job; narrow: boolean }): JSX.Element {
  const { commands, trans } = useScope();
  const { job, narrow } = props;
  const run = (command: string) => () =>
    void commands.execute(command, { id: job.id });
  const buttons: [string, LabIcon, (event: React.MouseEvent) => void][] = [
    [trans.__('Logs'), logsIcon, run(CommandIDs.showLogs)]
  ];
  if (narrow) {
    buttons.push([trans.__('More'), ellipsesIcon, openContextMenu]);
  } else if (!isActive(job.status)) {
    buttons.push([
      trans.__('Run again…'),
      refreshIcon,
      run(CommandIDs.rerunJob)
    ]);
  } else if (job.access !== 'read') {
    buttons.push([trans.__('Kill…'), stopIcon, run(CommandIDs.killJob)]);
  }
  return (
    <div className="jp-NeuroJobs-actions" role="gridcell">
      {buttons.map(([label, Icon, act]) => (
        <button
          key={label}
          className="jp-NeuroIconButton"
          tabIndex={-1}
          title={label}
          aria-label={trans.__('%1: %2', label, title(job))}
          onClick={event => {
            event.stopPropagation();
            act(event);
          }}
          onDoubleClick={event => event.stopPropagation()}
        >
          <Icon.react tag="span" aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}

/** The row's context menu, from a button. */
function openContextMenu(event: React.MouseEvent): void {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  event.currentTarget.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      clientX: left,
      clientY: bottom
    })
  );
}
