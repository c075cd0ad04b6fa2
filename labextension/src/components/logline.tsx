import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Loudness } from '../models/logbuffer';
import {
  BOLD,
  DIM,
  INVERSE,
  ITALIC,
  STRIKE,
  UNDERLINE,
  background,
  foreground
} from '../models/sgr';
import type { ILine } from '../models/terminal';
import { clock } from '../models/times';

interface ILogLineProps {
  line: ILine;
  /** Counted from 1, over the whole log. */
  number: number;
  loudness: Loudness;
  showTime: boolean;
  query: string;
  matchCase: boolean;
  /** Whether the search stands here. */
  current: boolean;
  selected: boolean;
  select: (number: number) => void;
  trans: TranslationBundle;
  language: string;
}

/** One line: number, time, text with its styles and what was searched for. */
export const LogLine = React.memo((props: ILogLineProps): JSX.Element => {
  const { line, loudness, trans } = props;
  const loud = ['', ' jp-mod-warning', ' jp-mod-error'][loudness];
  const state = props.selected ? ' jp-mod-selected' : '';
  return (
    <div className={`jp-NeuroLog-line${loud}${state}`}>
      <span
        className="jp-NeuroLog-number"
        onClick={() => props.select(props.number)}
      >
        {props.number}
      </span>
      {props.showTime && (
        <span className="jp-NeuroLog-time" title={line.time}>
          {line.time ? clock(line.time, props.language, true) : ''}
        </span>
      )}
      <span className="jp-NeuroLog-text">
        {spans(line, props)}
        {line.cut > 0 && (
          <span className="jp-NeuroLog-cut">
            {trans.__(
              ' … cut, %1 kB more in the full log',
              Math.ceil(line.cut / 1000)
            )}
          </span>
        )}
      </span>
    </div>
  );
});
LogLine.displayName = 'LogLine';

/** The text in pieces of one style each, matches of the search apart. */
function spans(line: ILine, props: ILogLineProps): React.ReactNode[] {
  const marks = matches(line.text, props.query, props.matchCase);
  if (!line.runs.length && !marks.length) {
    return [line.text];
  }
  const cuts = new Set([0, line.text.length]);
  for (let at = 0; at < line.runs.length; at += 2) {
    cuts.add(line.runs[at]);
  }
  marks.forEach(([from, to]) => cuts.add(from).add(to));
  const points = [...cuts].sort((a, b) => a - b);
  const pieces: React.ReactNode[] = [];
  let run = 0;
  let style = 0;
  for (let at = 0; at + 1 < points.length; at++) {
    const from = points[at];
    while (run < line.runs.length && line.runs[run] <= from) {
      style = line.runs[run + 1];
      run += 2;
    }
    const text = line.text.slice(from, points[at + 1]);
    const marked = marks.some(([start, end]) => from >= start && from < end);
    const classes = styleClasses(style);
    if (marked) {
      const current = props.current ? 'jp-mod-current' : '';
      pieces.push(
        <mark key={at} className={`${classes} ${current}`}>
          {text}
        </mark>
      );
    } else {
      pieces.push(
        classes ? (
          <span key={at} className={classes}>
            {text}
          </span>
        ) : (
          text
        )
      );
    }
  }
  return pieces;
}

/** At most 200 places of a text in a line. */
function matches(
  text: string,
  query: string,
  matchCase: boolean
): [number, number][] {
  const found: [number, number][] = [];
  if (!query) {
    return found;
  }
  const hay = matchCase ? text : text.toLowerCase();
  const needle = matchCase ? query : query.toLowerCase();
  let at = hay.indexOf(needle);
  while (at >= 0 && found.length < 200) {
    found.push([at, at + needle.length]);
    at = hay.indexOf(needle, at + needle.length);
  }
  return found;
}

function styleClasses(style: number): string {
  if (style === 0) {
    return '';
  }
  const classes: string[] = [];
  let fore = foreground(style);
  let back = background(style);
  if (style & INVERSE) {
    [fore, back] = [back || 17, fore || 17];
  }
  if (fore) {
    classes.push(`jp-NeuroLog-fg${fore}`);
  }
  if (back) {
    classes.push(`jp-NeuroLog-bg${back}`);
  }
  const flags: [number, string][] = [
    [BOLD, 'bold'],
    [DIM, 'dim'],
    [ITALIC, 'italic'],
    [UNDERLINE, 'underline'],
    [STRIKE, 'strike']
  ];
  flags
    .filter(([flag]) => style & flag)
    .forEach(([, name]) => classes.push(`jp-NeuroLog-${name}`));
  return classes.join(' ');
}
