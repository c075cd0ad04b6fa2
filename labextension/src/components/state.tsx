import React from 'react';

import type { Job, Status } from '../api/wire';
import { stateIcons } from '../icons';
import { stateText, statusWord } from '../models/words';
import { useScope } from './context';

/** The state as a shape with a colour; its word is the title. */
export function StateIcon(props: {
  status: Status;
  stale?: boolean;
}): JSX.Element {
  const { trans } = useScope();
  const Icon = stateIcons[props.status] ?? stateIcons.unknown;
  const stale = props.stale ? ' jp-mod-stale' : '';
  return (
    <Icon.react
      tag="span"
      className={`jp-NeuroState jp-mod-${props.status}${stale}`}
      title={statusWord(trans, props.status)}
    />
  );
}

/** "Running 12 min 20 s" on a tint of the state's colour. */
export function StateChip(props: { job: Job; now: number }): JSX.Element {
  const { trans } = useScope();
  const { job, now } = props;
  return (
    <span className={`jp-NeuroChip jp-mod-${job.status}`}>
      {stateText(trans, job, now)}
    </span>
  );
}

/** A person's initial on a disc; the colour follows from the name. */
export function Initial(props: { name: string }): JSX.Element {
  let hash = 0;
  for (const character of props.name) {
    hash = (hash * 31 + character.charCodeAt(0)) % 7;
  }
  return (
    <span
      className={`jp-NeuroInitial jp-mod-colour${hash + 1}`}
      aria-hidden="true"
    >
      {props.name.slice(0, 1).toUpperCase()}
    </span>
  );
}
