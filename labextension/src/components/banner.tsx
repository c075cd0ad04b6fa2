import React from 'react';

import type { Job } from '../api/wire';
import { CommandIDs } from '../commands';
import type { LogModel } from '../models/log';
import { bytes } from '../models/times';
import { lifeSpanWords } from '../models/words';
import { useCalm, useScope } from './context';
import type { IAction } from './note';
import { Note } from './note';
import { Rich, SLOTS } from './rich';

/** Milliseconds between two looks for the last error while the log comes in. */
const CALM = 300;

/** How a job ended where that needs a sentence: what happened, why, what to do. */
export function EndBanner(props: {
  job: Job;
  /** The log, if it is here: its last error is quoted. */
  log: LogModel | null;
  showLine: (index: number) => void;
}): JSX.Element | null {
  const { commands, language, trans } = useScope();
  const { job } = props;
  useCalm(props.log?.changed ?? null, CALM);
  const log = props.log?.buffer ?? null;
  const again = (label: string): IAction => ({
    label,
    run: () => void commands.execute(CommandIDs.rerunJob, { id: job.id })
  });
  if (job.status === 'lost') {
    return (
      <Note kind="warning" quiet actions={[again(trans.__('Run again…'))]}>
        <Rich
          text={trans.__(
            "**Lost.** The computer, or the process that watched this job, stopped before the job's result was written. It was not started again."
          )}
        />
      </Note>
    );
  }
  if (job.reason === 'LifeSpanEnded') {
    return (
      <Note kind="warning" quiet actions={[again(trans.__('Run again…'))]}>
        <Rich
          text={trans.__('**Stopped: life span of %1 was over.**', ...SLOTS)}
          values={[lifeSpanWords(trans, job.life_span)]}
        />
      </Note>
    );
  }
  if (job.status !== 'failed') {
    return null;
  }
  if (job.reason === 'OOMKilled') {
    return (
      <Note
        kind="error"
        quiet
        actions={[again(trans.__('Run again with more memory…'))]}
      >
        <Rich
          text={trans.__(
            '**Failed with exit code %1: out of memory.** It had %2.',
            ...SLOTS
          )}
          values={[
            String(job.exit_code ?? 137),
            job.memory ? bytes(job.memory, language) : '–'
          ]}
        />
      </Note>
    );
  }
  if (!job.started_at || job.exit_code === null) {
    return (
      <Note kind="error" quiet actions={[again(trans.__('Run again…'))]}>
        <Rich
          text={trans.__('**Could not start: %1**', ...SLOTS)}
          values={[job.message || job.reason || trans.__('no reason given')]}
        />
      </Note>
    );
  }
  const at = log ? log.nextError(0, -1) : -1;
  const actions = [again(trans.__('Run again…'))];
  if (at >= 0) {
    actions.unshift({
      label: trans.__('Show'),
      run: () => props.showLine(at)
    });
  }
  return (
    <Note kind="error" quiet actions={actions}>
      {at >= 0 ? (
        <Rich
          text={trans.__(
            '**Failed with exit code %1.** Last error, line %2: `%3`',
            ...SLOTS
          )}
          values={[
            String(job.exit_code),
            String(log!.dropped + at + 1),
            log!.line(at)!.text.trim().slice(0, 200)
          ]}
        />
      ) : (
        <Rich
          text={trans.__('**Failed with exit code %1.** %2', ...SLOTS)}
          values={[
            String(job.exit_code),
            // the platform's sentence, unless it says the same once more
            job.message.startsWith('The command ended with exit code')
              ? ''
              : job.message
          ]}
        />
      )}
    </Note>
  );
}
