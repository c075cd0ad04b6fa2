import {
  caseSensitiveIcon,
  downloadIcon,
  historyIcon,
  searchIcon
} from '@jupyterlab/ui-components';
import React from 'react';

import { chevronIcon, followIcon, previousIcon, warningIcon } from '../icons';
import { useScope } from './context';

interface ILogToolsProps {
  query: string;
  setQuery: (query: string) => void;
  matchCase: boolean;
  setMatchCase: (matchCase: boolean) => void;
  /** Lines found, and which of them the search stands on (from 0; -1 = none). */
  found: number;
  current: number;
  step: (step: 1 | -1) => void;
  errors: boolean;
  nextError: (step: 1 | -1) => void;
  times: boolean | null;
  setTimes: (shown: boolean) => void;
  follow: boolean;
  setFollow: (follow: boolean) => void;
  saveUrl: string;
}

/** Search, next error, times, save, follow. */
export function LogTools(props: ILogToolsProps): JSX.Element {
  const { trans } = useScope();
  const { query, found, current } = props;
  return (
    <div
      className="jp-NeuroLog-tools"
      role="toolbar"
      aria-label={trans.__('Log')}
    >
      <span className="jp-NeuroLog-search" role="search">
        <searchIcon.react tag="span" aria-hidden="true" />
        <input
          className="jp-NeuroInput"
          value={query}
          placeholder={trans.__('Search')}
          aria-label={trans.__('Search the log')}
          spellCheck={false}
          onChange={event => props.setQuery(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              event.preventDefault();
              props.step(event.shiftKey ? -1 : 1);
            } else if (event.key === 'Escape') {
              props.setQuery('');
            }
          }}
        />
        {query && (
          <span className="jp-NeuroLog-found" role="status">
            {found
              ? trans.__('%1 of %2', Math.max(current, 0) + 1, found)
              : trans.__('none')}
          </span>
        )}
      </span>
      <Tool
        label={trans.__('Previous match')}
        icon={previousIcon}
        disabled={!found}
        run={() => props.step(-1)}
      />
      <Tool
        label={trans.__('Next match')}
        icon={chevronIcon}
        disabled={!found}
        run={() => props.step(1)}
      />
      <Tool
        label={trans.__('Match case')}
        icon={caseSensitiveIcon}
        pressed={props.matchCase}
        run={() => props.setMatchCase(!props.matchCase)}
      />
      {props.errors && (
        <button
          className="jp-NeuroButton jp-NeuroLog-error"
          title={trans.__('Next line with an error')}
          onClick={() => props.nextError(1)}
        >
          <warningIcon.react tag="span" aria-hidden="true" />
          {trans.__('Next error')}
        </button>
      )}
      <span className="jp-NeuroLog-spacer" />
      {props.times !== null && (
        <Tool
          label={trans.__('Times')}
          icon={historyIcon}
          pressed={props.times}
          run={() => props.setTimes(!props.times)}
        />
      )}
      <a
        className="jp-NeuroIconButton"
        href={props.saveUrl}
        download
        title={trans.__('Save full log')}
        aria-label={trans.__('Save full log')}
      >
        <downloadIcon.react tag="span" aria-hidden="true" />
      </a>
      <button
        className="jp-NeuroButton jp-NeuroLog-follow"
        aria-pressed={props.follow}
        onClick={() => props.setFollow(!props.follow)}
      >
        <followIcon.react tag="span" aria-hidden="true" />
        {props.follow ? trans.__('Following') : trans.__('Follow')}
      </button>
    </div>
  );
}

function Tool(props: {
  label: string;
  icon: typeof searchIcon;
  run: () => void;
  pressed?: boolean;
  disabled?: boolean;
}): JSX.Element {
  const { icon: Icon, label } = props;
  return (
    <button
      className="jp-NeuroIconButton"
      title={label}
      aria-label={label}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={props.run}
    >
      <Icon.react tag="span" aria-hidden="true" />
    </button>
  );
}
