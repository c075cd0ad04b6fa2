import React, {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState
} from 'react';

import type { Job } from '../api/wire';
import type { LogModel } from '../models/log';
import { bytes, clock, duration, secondsSince } from '../models/times';
import { useCalm, useScope, useSize } from './context';
import { ErrorNote } from './errornote';
import { LogLine } from './logline';
import { LogTools } from './logtools';

/** Pixels of a line; the style sheet must agree. */
const LINE = 17;
/** Lines kept in the document above and below what is in sight. */
const MARGIN = 30;
/** Milliseconds between two drawings while output pours in. */
const CALM = 100;

/** A log that follows its end, stays where the reader is, and can be searched. */
export function LogView(props: {
  job: Job;
  model: LogModel;
  /** A line to go to, set from outside; `at` makes each wish a new one. */
  goal: { index: number; at: number } | null;
  now: number;
}): JSX.Element {
  const { language, neuro, trans } = useScope();
  const { job, model, goal } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { height } = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  const [follow, setFollow] = useState(true);
  const [seen, setSeen] = useState(0);
  const [query, setQuery] = useState('');
  const [matchCase, setMatchCase] = useState(false);
  const [current, setCurrent] = useState(-1);
  const [times, setTimes] = useState(neuro.preferences.logTimestamps);
  const [selected, setSelected] = useState(0);
  const beat = useCalm(model.changed, CALM);
  const { buffer } = model;
  const count = buffer.length;
  const total = buffer.dropped + count;
  const dropped = useRef(buffer.dropped);

  const found = useMemo(
    () => buffer.search(query, matchCase),
    [buffer, beat, query, matchCase]
  );
  const place = Math.min(current, found.length - 1);

  // the end stays in sight, or what the reader looks at does although old lines go
  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node) {
      return;
    }
    if (follow) {
      node.scrollTop = node.scrollHeight;
    } else if (buffer.dropped > dropped.current) {
      node.scrollTop -= (buffer.dropped - dropped.current) * LINE;
    }
    dropped.current = buffer.dropped;
  }, [beat, follow, height, count]);

  const pause = useCallback(() => {
    setFollow(false);
    setSeen(buffer.dropped + buffer.length);
  }, [buffer]);
  const goTo = (index: number) => {
    const node = scroller.current;
    if (node && index >= 0) {
      pause();
      node.scrollTop = index * LINE - node.clientHeight / 2;
      setSelected(buffer.dropped + index + 1);
    }
  };
  const step = (by: 1 | -1) => {
    if (found.length) {
      const next = (place + by + found.length) % found.length;
      setCurrent(next);
      goTo(found[next]);
    }
  };
  const nextError = (by: 1 | -1) => {
    const from = selected ? selected - 1 - buffer.dropped : by > 0 ? -1 : 0;
    goTo(buffer.nextError(from, by));
  };
  useEffect(() => {
    if (goal) {
      goTo(goal.index);
    }
  }, [goal?.at]);
  useEffect(() => {
    if (query && found.length && current < 0) {
      setCurrent(found.length - 1);
      goTo(found[found.length - 1]);
    }
  }, [query, matchCase]);

  const onScroll = (event: React.UIEvent<HTMLDivElement>) => {
    const node = event.currentTarget;
    const up = node.scrollTop < scrollTop;
    const atEnd = node.scrollHeight - node.scrollTop - node.clientHeight < LINE;
    setScrollTop(node.scrollTop);
    if (follow && up && !atEnd) {
      pause();
    } else if (!follow && atEnd && !up && !query) {
      setFollow(true);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'End') {
      setFollow(true);
    } else if (event.key === 'F8') {
      event.preventDefault();
      nextError(event.shiftKey ? -1 : 1);
    } else if (event.key === 'f' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      scroller.current?.parentElement?.querySelector('input')?.focus();
    }
  };

  const first = Math.max(0, Math.floor(scrollTop / LINE) - MARGIN);
  const last = Math.min(
    count,
    Math.ceil((scrollTop + (height || 600)) / LINE) + MARGIN
  );
  const lines: JSX.Element[] = [];
  for (let at = Math.min(first, last); at < last; at++) {
    const line = buffer.line(at);
    if (line) {
      lines.push(
        <LogLine
          key={buffer.dropped + at}
          line={line}
          number={buffer.dropped + at + 1}
          loudness={buffer.loudness(at)}
          showTime={times && buffer.hasTimes}
          query={query}
          matchCase={matchCase}
          current={found[place] === at}
          selected={selected === buffer.dropped + at + 1}
          select={setSelected}
          trans={trans}
          language={language}
        />
      );
    }
  }
  const behind = total - seen;
  const digits = String(total).length;
  return (
    <div className="jp-NeuroLog" onKeyDown={onKeyDown}>
      <LogTools
        query={query}
        setQuery={value => {
          setQuery(value);
          setCurrent(-1);
        }}
        matchCase={matchCase}
        setMatchCase={setMatchCase}
        found={found.length}
        current={place}
        step={step}
        errors={buffer.errors > 0}
        nextError={nextError}
        times={buffer.hasTimes ? times : null}
        setTimes={setTimes}
        follow={follow}
        setFollow={on => (on ? setFollow(true) : pause())}
        saveUrl={neuro.client.logUrl(job.id)}
      />
      {model.error && (
        <ErrorNote
          error={model.error}
          what={trans.__('the log')}
          retry={() => model.restart()}
        />
      )}
      <div
        ref={scroller}
        className="jp-NeuroLog-scroller"
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={trans.__('Log of %1', job.name ?? job.id)}
        style={{ '--jp-neuro-digits': digits } as React.CSSProperties}
      >
        {count === 0 ? (
          <Nothing job={job} model={model} now={props.now} />
        ) : (
          <div style={{ height: count * LINE }}>
            <div
              className="jp-NeuroLog-lines"
              style={{ transform: `translateY(${first * LINE}px)` }}
            >
              {lines}
            </div>
          </div>
        )}
      </div>
      {!follow && behind > 0 && (
        <button className="jp-NeuroLog-pill" onClick={() => setFollow(true)}>
          {trans._n('↓ %1 new line', '↓ %1 new lines', behind)}
        </button>
      )}
      <Footer job={job} model={model} total={total} />
    </div>
  );
}

function Nothing(props: {
  job: Job;
  model: LogModel;
  now: number;
}): JSX.Element {
  const { trans } = useScope();
  const { job, model } = props;
  let text = trans.__('No output yet. The job has not started.');
  if (model.state === 'ended') {
    text = trans.__('This job wrote nothing.');
  } else if (model.state === 'failed') {
    text = '';
  } else if (job.started_at) {
    const ago = duration(trans, secondsSince(job.started_at, props.now));
    text = trans.__('No output yet. The job started %1 ago.', ago);
  }
  return <p className="jp-NeuroLog-nothing">{text}</p>;
}

function Footer(props: {
  job: Job;
  model: LogModel;
  total: number;
}): JSX.Element {
  const { language, trans } = useScope();
  const { job, model, total } = props;
  const { buffer, state } = model;
  let word = '';
  if (state === 'live') {
    word = trans.__('live');
  } else if (state === 'lost') {
    const at = clock(model.lostAt?.toISOString() ?? null, language);
    word = trans.__('not live: connection lost at %1, retrying', at);
  } else if (state === 'ended') {
    word = job.finished_at
      ? trans.__('ended %1', clock(job.finished_at, language))
      : trans.__('ended');
  }
  const parts = [
    trans._n('%1 line', '%1 lines', total),
    bytes(buffer.bytes, language),
    word
  ];
  if (buffer.dropped) {
    parts.push(
      trans.__('the first %1 are only in the full log', buffer.dropped)
    );
  }
  return (
    <div className={`jp-NeuroLog-footer jp-mod-${state}`}>
      {parts.filter(Boolean).join(' · ')}
    </div>
  );
}
