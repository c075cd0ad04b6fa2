import React from 'react';

import type { Job } from '../api/wire';
import { left, moment } from '../models/times';
import { lifeSpanWords, secondsLeft } from '../models/words';
import { useScope } from './context';
import { Initial } from './state';

/** The facts of a job in two columns. */
export function AboutJob(props: { job: Job; now: number }): JSX.Element {
  const { language, neuro, trans } = useScope();
  const { job, now } = props;
  const rest = secondsLeft(job, now);
  const me = neuro.session.session?.user;
  const rows: [string, React.ReactNode][] = [
    [
      trans.__('Owner'),
      <>
        <Initial name={job.owner} /> {job.owner}
        {job.owner === me && ` ${trans.__('(you)')}`}
      </>
    ],
    [trans.__('Preset'), job.preset ?? '–'],
    [
      trans.__('Image'),
      <>
        <span className="jp-NeuroAboutJob-image">{job.image}</span>
        {job.image_note && (
          <span className="jp-NeuroTag jp-mod-warning">{job.image_note}</span>
        )}
      </>
    ],
    [trans.__('Volumes'), <VolumeNames job={job} />],
    [
      rest !== null ? trans.__('Ends') : trans.__('Life span'),
      rest !== null
        ? trans.__('in %1', left(trans, rest))
        : lifeSpanWords(trans, job.life_span)
    ],
    [trans.__('Created'), moment(job.created_at, language, now)]
  ];
  if (job.restarts) {
    rows.push([trans.__('Restarts'), String(job.restarts)]);
  }
  if (job.project) {
    rows.push([trans.__('Project'), job.project]);
  }
  if (!job.mine) {
    rows.push([trans.__('Your level'), job.access]);
  }
  return (
    <section className="jp-NeuroAboutJob">
      <h3 className="jp-NeuroCaption">{trans.__('About')}</h3>
      <dl>
        {rows.map(([label, value]) => (
          <React.Fragment key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}

function VolumeNames({ job }: { job: Job }): JSX.Element {
  const { trans } = useScope();
  if (!job.volumes.length) {
    return <>–</>;
  }
  return (
    <>
      {job.volumes.map((volume, at) => (
        <React.Fragment key={volume.mount}>
          {at > 0 && ', '}
          <span title={`${volume.storage} → ${volume.mount}`}>
            {volume.storage.split('/').pop() || volume.storage}
          </span>
          {volume.read_only && (
            <span className="jp-NeuroAboutJob-mode">
              {` ${trans.__('ro')}`}
            </span>
          )}
        </React.Fragment>
      ))}
    </>
  );
}
