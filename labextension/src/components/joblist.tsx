import React, { useEffect, useMemo, useRef, useState } from 'react';

import { CommandIDs } from '../commands';
import { isActive } from '../models/jobmerge';
import type { JobsModel } from '../models/jobs';
import type { Row } from '../models/rows';
import { buildRows, heightOf } from '../models/rows';
import { RowWindow } from '../models/window';
import { useNow, useScope, useSize } from './context';
import { JobRow } from './jobrow';

/** Pixels of width from which a two-line row becomes one line. */
const WIDE = 420;
/** Pixels of width up to which a row keeps only what matters most. */
const NARROW = 260;

/** The jobs as a keyboard grid; only what is in sight is in the document. */
export function JobList(props: {
  model: JobsModel;
  visible: boolean;
}): JSX.Element {
  const { commands, trans } = useScope();
  const { model } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  const [focusKey, setFocusKey] = useState('');
  const ticking = props.visible && model.jobs.some(job => isActive(job.status));
  const clock = useNow(ticking && !model.isStale);
  const { jobs, hasMore } = model;
  // what is not known to be true any more does not go on counting
  const now = model.isStale ? Date.parse(model.page?.as_of ?? '') : clock;
  const wide = width > WIDE;
  const today = new Date(clock).setHours(0, 0, 0, 0);
  const rows = useMemo(
    () => buildRows(trans, jobs, { now: Date.now(), hasMore, wide }),
    [jobs, hasMore, wide, today, trans]
  );
  const layout = useMemo(() => new RowWindow(rows.map(heightOf)), [rows]);
  const [first, last] = layout.range(scrollTop, height || 600);
  const focusAt = Math.max(
    0,
    rows.findIndex(row => row.key === focusKey && row.kind !== 'heading')
  );
  const home = rows[focusAt]?.kind === 'heading' ? focusAt + 1 : focusAt;

  const focusRow = (index: number) => {
    const node = scroller.current;
    const row = rows[index];
    if (!node || !row) {
      return;
    }
    node.scrollTop = layout.reveal(index, node.scrollTop, node.clientHeight);
    setScrollTop(node.scrollTop);
    setFocusKey(row.key);
    // the row may only now come into the document
    requestAnimationFrame(() => {
      node.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    });
  };
  const move = (from: number, step: number) => {
    let to = from + step;
    while (rows[to]?.kind === 'heading') {
      to += step;
    }
    focusRow(to);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>(
      '[role="row"]'
    );
    const inActions = event.target !== row;
    const handled = inActions
      ? walkActions(event, row)
      : walkRows(event, home, rows, move, focusRow, () => {
          const target = rows[home];
          if (target?.kind === 'job') {
            void commands.execute(CommandIDs.openJob, { id: target.job.id });
          } else if (target?.kind === 'more') {
            void model.loadMore();
          }
        });
    if (handled) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  // a row that is gone leaves the focus on the one that took its place
  useEffect(() => {
    const node = scroller.current;
    if (node?.dataset.hadFocus && !node.contains(document.activeElement)) {
      if (document.activeElement === document.body) {
        focusRow(Math.min(home, rows.length - 1));
      } else {
        delete node.dataset.hadFocus;
      }
    }
  }, [rows]);

  const shown = new Set<number>();
  for (let at = first; at < last; at++) {
    shown.add(at);
  }
  if (home < rows.length) {
    shown.add(home);
  }
  return (
    <div
      ref={scroller}
      className="jp-NeuroJobs-scroller"
      onScroll={event => setScrollTop(event.currentTarget.scrollTop)}
    >
      <div
        className={`jp-NeuroJobs-rows${wide ? ' jp-mod-wide' : ''}`}
        role="grid"
        aria-label={trans.__('Jobs')}
        aria-rowcount={rows.length}
        style={{ height: layout.height }}
        onKeyDown={onKeyDown}
        onFocus={() => {
          scroller.current!.dataset.hadFocus = 'true';
        }}
        onBlur={event => {
          if (event.relatedTarget) {
            delete scroller.current!.dataset.hadFocus;
          }
        }}
      >
        {[...shown]
          .sort((a, b) => a - b)
          .map(index => {
            const row = rows[index];
            const place = { top: layout.top(index), height: heightOf(row) };
            if (row.kind === 'job') {
              return (
                <JobRow
                  key={row.key}
                  job={row.job}
                  tall={row.tall}
                  {...place}
                  index={index}
                  focusable={index === home}
                  narrow={width > 0 && width <= NARROW}
                  stale={model.isStale}
                  now={isActive(row.job.status) ? now : today}
                  onFocus={() => setFocusKey(row.key)}
                />
              );
            }
            return (
              <div
                key={row.key}
                role="row"
                aria-rowindex={index + 1}
                className={`jp-NeuroJobs-${row.kind}`}
                style={place}
              >
                <div role="gridcell">
                  {row.kind === 'heading' ? (
                    row.text
                  ) : (
                    <button
                      className="jp-NeuroLink"
                      tabIndex={index === home ? 0 : -1}
                      onFocus={() => setFocusKey(row.key)}
                      onClick={() => void model.loadMore()}
                    >
                      {trans.__('Show more')}
                    </button>
                  )}
                </div>
              </div>
            );
          })}
      </div>
    </div>
  );
}

/** Keys on a row: up, down, ends, into its actions, open, out. */
function walkRows(
  event: React.KeyboardEvent,
  home: number,
  rows: Row[],
  move: (from: number, step: number) => void,
  focusRow: (index: number) => void,
  open: () => void
): boolean {
  switch (event.key) {
    case 'ArrowDown':
      move(home, 1);
      return true;
    case 'ArrowUp':
      move(home, -1);
      return true;
    case 'Home':
      move(-1, 1);
      return true;
    case 'End':
      focusRow(rows.length - 1);
      return true;
    case 'ArrowRight':
      (event.target as HTMLElement).querySelector('button')?.focus();
      return true;
    case 'Enter':
      open();
      return true;
    default:
      return false;
  }
}

/** Keys on a row's action buttons. */
function walkActions(
  event: React.KeyboardEvent,
  row: HTMLElement | null
): boolean {
  const buttons = [...(row?.querySelectorAll('button') ?? [])];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  switch (event.key) {
    case 'ArrowRight':
      buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
      return true;
    case 'ArrowLeft':
      (at > 0 ? buttons[at - 1] : row)?.focus();
      return true;
    case 'Escape':
      row?.focus();
      return true;
    default:
      return false;
  }
}
