import {
  copyIcon,
  ellipsesIcon,
  refreshIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useRef, useState } from 'react';

import type { Job } from '../api/wire';
import { CommandIDs } from '../commands';
import type { JobModel } from '../models/job';
import { isActive } from '../models/jobmerge';
import type { LogModel } from '../models/log';
import { title } from '../models/words';
import { AboutJob } from './about';
import { EndBanner } from './banner';
import { useNow, useScope, useSignal, useSize } from './context';
import { ErrorNote } from './errornote';
import { Loading } from './loading';
import { LogView } from './logview';
import { Overview } from './overview';
import { StateChip, StateIcon } from './state';

/** Pixels of width from which the facts stand in a rail of their own. */
const RAIL = 700;

export type Tab = 'overview' | 'logs';

interface IJobViewProps {
  model: JobModel;
  /** The log, made when it is first wanted. */
  log: () => LogModel;
  visible: boolean;
  /** The tab that was asked for; `at` makes each wish a new one. */
  wish: { tab: Tab | null; at: number };
}

/** One job: who it is, its overview and its log. */
export function JobView(props: IJobViewProps): JSX.Element {
  const { trans } = useScope();
  const { model } = props;
  useSignal(model.changed);
  const { job, error } = model;
  if (!job) {
    return (
      <div className="jp-NeuroJob">
        {error ? (
          <ErrorNote
            error={error}
            what={trans.__('this job')}
            retry={() => void model.refresh()}
          />
        ) : (
          <Loading since={model.loadingSince} />
        )}
      </div>
    );
  }
  return <Loaded {...props} job={job} />;
}

function Loaded(props: IJobViewProps & { job: Job }): JSX.Element {
  const { trans } = useScope();
  const { job, model, wish } = props;
  const body = useRef<HTMLDivElement>(null);
  const { width } = useSize(body);
  const now = useNow(props.visible && isActive(job.status));
  const [chosen, setTab] = useState<Tab | null>(wish.tab);
  const [goal, setGoal] = useState<{ index: number; at: number } | null>(null);
  useEffect(() => {
    if (wish.tab) {
      setTab(wish.tab);
    }
  }, [wish.at]);
  const usual = ['running', 'failed'].includes(job.status)
    ? 'logs'
    : 'overview';
  const [first] = useState<Tab>(usual);
  const tab = chosen ?? first;
  const failed = job.status === 'failed' && job.exit_code !== null;
  const log = tab === 'logs' || failed ? props.log() : null;
  const rail = width >= RAIL;
  return (
    <div className="jp-NeuroJob" data-job-id={job.id} data-status={job.status}>
      <JobBar job={job} now={now} />
      <Tabs tab={tab} setTab={setTab} />
      <div className="jp-NeuroJob-body" ref={body}>
        <div
          className="jp-NeuroJob-main"
          role="tabpanel"
          aria-label={tab === 'logs' ? trans.__('Logs') : trans.__('Overview')}
        >
          {model.error && (
            <ErrorNote
              error={model.error}
              what={trans.__('this job')}
              retry={() => void model.refresh()}
            />
          )}
          <EndBanner
            job={job}
            log={log}
            showLine={index => {
              setTab('logs');
              setGoal({ index, at: Date.now() });
            }}
          />
          {tab === 'logs' ? (
            <LogView job={job} model={log!} goal={goal} now={now} />
          ) : (
            <div className="jp-NeuroJob-scroll">
              <Overview job={job} now={now} />
              {!rail && <AboutJob job={job} now={now} />}
            </div>
          )}
        </div>
        {rail && (
          <aside className="jp-NeuroJob-rail" aria-label={trans.__('About')}>
            <AboutJob job={job} now={now} />
          </aside>
        )}
      </div>
    </div>
  );
}

function Tabs(props: { tab: Tab; setTab: (tab: Tab) => void }): JSX.Element {
  const { trans } = useScope();
  const tabs: [Tab, string][] = [
    ['overview', trans.__('Overview')],
    ['logs', trans.__('Logs')]
  ];
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const next = props.tab === 'logs' ? 'overview' : 'logs';
      props.setTab(next);
      event.currentTarget
        .querySelector<HTMLElement>(`[data-tab="${next}"]`)
        ?.focus();
    }
  };
  return (
    <div
      className="jp-NeuroTabs"
      role="tablist"
      aria-label={trans.__('Views of this job')}
      onKeyDown={onKeyDown}
    >
      {tabs.map(([tab, label]) => (
        <button
          key={tab}
          role="tab"
          data-tab={tab}
          aria-selected={tab === props.tab}
          tabIndex={tab === props.tab ? 0 : -1}
          className="jp-NeuroTabs-tab"
          onClick={() => props.setTab(tab)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function JobBar(props: { job: Job; now: number }): JSX.Element {
  const { commands, trans } = useScope();
  const { job, now } = props;
  const active = isActive(job.status);
  const run = (command: string) => () =>
    void commands.execute(command, { id: job.id });
  return (
    <div
      className="jp-NeuroJob-bar"
      role="toolbar"
      aria-label={trans.__('Job %1', title(job))}
    >
      <StateIcon status={job.status} />
      <b className="jp-NeuroJob-name" title={job.name ?? job.id}>
        {title(job)}
      </b>
      <span className="jp-NeuroJob-id" title={job.id}>
        {job.id}
      </span>
      <button
        className="jp-NeuroIconButton"
        title={trans.__('Copy ID')}
        aria-label={trans.__('Copy ID')}
        onClick={run(CommandIDs.copyId)}
      >
        <copyIcon.react tag="span" aria-hidden="true" />
      </button>
      <StateChip job={job} now={now} />
      <Spoken job={job} />
      {job.image_note && (
        <span className="jp-NeuroTag jp-mod-warning" title={job.image}>
          {job.image_note}
        </span>
      )}
      <BarButton
        label={trans.__('Run again…')}
        icon={refreshIcon}
        run={run(CommandIDs.rerunJob)}
      />
      <span className="jp-NeuroJob-spacer" />
      <button
        className="jp-NeuroIconButton"
        title={trans.__('More')}
        aria-label={trans.__('More about this job')}
        aria-haspopup="menu"
        onClick={event => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          event.currentTarget.dispatchEvent(
            new MouseEvent('contextmenu', {
              bubbles: true,
              cancelable: true,
              clientX: left,
              clientY: bottom
            })
          );
        }}
      >
        <ellipsesIcon.react tag="span" aria-hidden="true" />
      </button>
      {active && job.access !== 'read' && (
        <BarButton
          label={trans.__('Kill…')}
          icon={stopIcon}
          run={run(CommandIDs.killJob)}
        />
      )}
    </div>
  );
}

/** Says a change of state once, and never the time that passes. */
function Spoken({ job }: { job: Job }): JSX.Element {
  const { trans } = useScope();
  const [ended, setEnded] = useState('');
  const before = useRef(job.status);
  useEffect(() => {
    if (before.current !== job.status) {
      before.current = job.status;
      setEnded(job.status);
    }
  }, [job.status]);
  return (
    <span className="jp-NeuroSpoken" role="status">
      {ended && trans.__('%1 is now %2', title(job), ended)}
    </span>
  );
}

function BarButton(props: {
  label: string;
  icon: LabIcon;
  run: () => void;
}): JSX.Element {
  const { icon: Icon } = props;
  return (
    <button className="jp-NeuroBarButton" onClick={props.run}>
      <Icon.react tag="span" aria-hidden="true" />
      <span>{props.label}</span>
    </button>
  );
}
