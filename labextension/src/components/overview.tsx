import React, { useEffect, useState } from 'react';

import type { Job, StatusItem } from '../api/wire';
import { CommandIDs } from '../commands';
import { shellScript } from '../models/shell';
import { clock, duration, isToday, moment } from '../models/times';
import { ending, runSeconds, shortId, statusWord } from '../models/words';
import { useScope } from './context';
import { StateIcon } from './state';

/** What a job is and what became of it. */
export function Overview(props: { job: Job; now: number }): JSX.Element {
  const { trans } = useScope();
  const { job, now } = props;
  const script = shellScript(job.command ?? '');
  const env = Object.entries(job.env);
  const secrets = Object.entries(job.secret_env);
  return (
    <div className="jp-NeuroOverview">
      {job.description && <p>{job.description}</p>}
      <h3 className="jp-NeuroCaption">
        {script === null
          ? trans.__('Command')
          : trans.__('Command, run in a shell')}
      </h3>
      <pre className="jp-NeuroCode">
        {script ?? (job.command || trans.__("the image's own command"))}
      </pre>
      <Timeline job={job} now={now} />
      {job.volumes.length > 0 && (
        <>
          <h3 className="jp-NeuroCaption">{trans.__('Volumes')}</h3>
          <table className="jp-NeuroTable">
            <thead>
              <tr>
                <th>{trans.__('Storage')}</th>
                <th>{trans.__('In the job')}</th>
                <th>{trans.__('Mode')}</th>
              </tr>
            </thead>
            <tbody>
              {job.volumes.map(volume => (
                <tr key={volume.mount}>
                  <td className="jp-mod-code">{volume.storage}</td>
                  <td className="jp-mod-code">{volume.mount}</td>
                  <td>
                    {volume.read_only
                      ? trans.__('Read only')
                      : trans.__('Read & write')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {env.length + secrets.length > 0 && (
        <>
          <h3 className="jp-NeuroCaption">{trans.__('Environment')}</h3>
          <table className="jp-NeuroTable">
            <tbody>
              {env.map(([name, value]) => (
                <tr key={name}>
                  <td className="jp-mod-code">{name}</td>
                  <td className="jp-mod-code">{value}</td>
                </tr>
              ))}
              {secrets.map(([name, uri]) => (
                <tr key={name}>
                  <td className="jp-mod-code">{name}</td>
                  <td>{trans.__('secret: %1', uri.split('/').pop() ?? '')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {job.tags.length > 0 && (
        <p className="jp-NeuroOverview-tags">
          {job.tags.map(tag => (
            <span key={tag} className="jp-NeuroTag">
              {tag}
            </span>
          ))}
        </p>
      )}
      {job.name && <SameName job={job} now={now} />}
    </div>
  );
}

/** The steps of a job's life with their times, and why it waits where it waits. */
function Timeline(props: { job: Job; now: number }): JSX.Element {
  const { language, trans } = useScope();
  const { job, now } = props;
  const items: StatusItem[] = job.statuses.length
    ? job.statuses
    : [
        {
          status: job.status,
          time: job.created_at,
          reason: job.reason,
          description: job.message,
          exit_code: job.exit_code
        }
      ];
  return (
    <>
      <h3 className="jp-NeuroCaption">{trans.__('What happened')}</h3>
      <ol className="jp-NeuroTimeline">
        {items.map((item, at) => {
          const next = items[at + 1];
          const lasted = next
            ? (Date.parse(next.time) - Date.parse(item.time)) / 1000
            : null;
          const exit =
            item.exit_code === null
              ? ''
              : trans.__('exit code %1', item.exit_code);
          const words = [item.description || item.reason, exit].filter(Boolean);
          return (
            <li key={at}>
              <StateIcon status={item.status} />
              <span className="jp-NeuroTimeline-word">
                {statusWord(trans, item.status)}
              </span>
              <time
                dateTime={item.time}
                title={new Date(item.time).toLocaleString()}
              >
                {at > 0 || isToday(item.time, now)
                  ? clock(item.time, language, true)
                  : moment(item.time, language, now)}
              </time>
              <span className="jp-NeuroTimeline-text">{words.join(' · ')}</span>
              <span className="jp-NeuroTimeline-lasted">
                {lasted !== null && duration(trans, Math.max(0, lasted))}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** The newest five other runs that carry the same name. */
function SameName(props: { job: Job; now: number }): JSX.Element | null {
  const { commands, language, neuro, trans } = useScope();
  const { job, now } = props;
  const [runs, setRuns] = useState<Job[]>([]);
  useEffect(() => {
    let wanted = true;
    neuro.client
      .jobs({
        owner: job.mine ? 'mine' : 'all',
        text: job.name ?? '',
        limit: 20
      })
      .then(({ page }) => {
        const others = page?.items.filter(
          other => other.name === job.name && other.id !== job.id
        );
        if (wanted) {
          setRuns(others?.slice(0, 5) ?? []);
        }
      })
      .catch(() => undefined); // the list is an extra: without it the view is whole
    return () => {
      wanted = false;
    };
  }, [job.id, job.name, job.status]);
  if (!runs.length) {
    return null;
  }
  return (
    <>
      <h3 className="jp-NeuroCaption">
        {trans.__('Other runs called "%1"', job.name ?? '')}
      </h3>
      <ul className="jp-NeuroRuns">
        {runs.map(run => (
          <li key={run.id}>
            <button
              className="jp-NeuroRuns-run"
              onClick={() =>
                void commands.execute(CommandIDs.openJob, { id: run.id })
              }
            >
              <StateIcon status={run.status} />
              <span className="jp-mod-code">{shortId(run.id)}</span>
              <span>{moment(run.created_at, language, now)}</span>
              <span>
                {ending(trans, run) || duration(trans, runSeconds(run, now))}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
