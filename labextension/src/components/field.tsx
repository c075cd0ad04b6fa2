import React from 'react';

interface IFieldProps {
  id: string;
  label: string;
  /** What is wrong: spoken when it appears. */
  problem?: string;
  /** What helps. */
  hint?: React.ReactNode;
  children: React.ReactElement;
}

/** A label over its control, with what is wrong or what helps under it. */
export function Field(props: IFieldProps): JSX.Element {
  const { id, problem, hint } = props;
  const described = problem ? `${id}-problem` : hint ? `${id}-hint` : undefined;
  return (
    <div className={`jp-NeuroField${problem ? ' jp-mod-wrong' : ''}`}>
      <label className="jp-NeuroField-label" htmlFor={id}>
        {props.label}
      </label>
      {React.cloneElement(props.children, {
        id,
        'aria-invalid': problem ? true : undefined,
        'aria-describedby': described
      })}
      <Hint id={id} problem={problem} hint={hint} />
    </div>
  );
}

export function Hint(props: {
  id: string;
  problem?: string;
  hint?: React.ReactNode;
}): JSX.Element | null {
  if (props.problem) {
    return (
      <div
        className="jp-NeuroField-problem"
        id={`${props.id}-problem`}
        role="alert"
      >
        {props.problem}
      </div>
    );
  }
  return props.hint ? (
    <div className="jp-NeuroField-hint" id={`${props.id}-hint`}>
      {props.hint}
    </div>
  ) : null;
}
