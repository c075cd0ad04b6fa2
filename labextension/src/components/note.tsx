import React from 'react';

import { problemIcon, warningIcon } from '../icons';

export interface IAction {
  label: string;
  run: () => void;
}

interface INoteProps {
  kind: 'error' | 'warning' | 'info';
  title?: React.ReactNode;
  children?: React.ReactNode;
  actions?: IAction[];
  /** Not spoken at once: for notes that are there when a view opens. */
  quiet?: boolean;
}

/** An edged note: what happened, why, what to do. */
export function Note(props: INoteProps): JSX.Element {
  const { kind, title, actions = [] } = props;
  const Icon = kind === 'error' ? problemIcon : warningIcon;
  return (
    <div
      className={`jp-NeuroNote jp-mod-${kind}`}
      role={props.quiet ? 'note' : kind === 'error' ? 'alert' : 'status'}
    >
      {title && (
        <div className="jp-NeuroNote-title">
          {kind !== 'info' && (
            <Icon.react
              tag="span"
              className="jp-NeuroNote-icon"
              aria-hidden="true"
            />
          )}
          <span>{title}</span>
        </div>
      )}
      {props.children && (
        <div className="jp-NeuroNote-text">{props.children}</div>
      )}
      {actions.length > 0 && (
        <div className="jp-NeuroNote-actions">
          {actions.map((action, at) => (
            <React.Fragment key={at}>
              {at > 0 && <span aria-hidden="true"> · </span>}
              <button className="jp-NeuroLink" onClick={action.run}>
                {action.label}
              </button>
            </React.Fragment>
          ))}
        </div>
      )}
    </div>
  );
}
