import {
  HTMLSelect,
  codeIcon,
  copyIcon,
  runIcon
} from '@jupyterlab/ui-components';
import React from 'react';

import type { NeuroError } from '../../api/error';
import { CommandIDs } from '../../commands';
import type { IDraft, Problems } from '../../models/form';
import { DEFAULT_LIFE_SPAN, LIFE_SPANS, toSubmit } from '../../models/form';
import { equalLine } from '../../models/equalline';
import { lifeSpanWords } from '../../models/words';
import { copyText } from '../clipboard';
import { useScope } from '../context';
import { Note } from '../note';
import { Rich, SLOTS } from '../rich';

interface ISummaryProps {
  draft: IDraft;
  change: (part: Partial<IDraft>) => void;
  problems: Problems;
  /** Whether problems are to be shown yet. */
  tried: boolean;
  state: 'idle' | 'sending' | 'looking';
  error: NeuroError | null;
  isUnknown: boolean;
  start: () => void;
  cancel: () => void;
  goTo: (field: string) => void;
}

/** What will happen, the same as a line for a cell, and the button. */
export function Summary(props: ISummaryProps): JSX.Element {
  const { commands, neuro, trans } = useScope();
  const { draft, change, tried, problems } = props;
  const { session } = neuro.session;
  const line = equalLine(toSubmit(draft, ''), {
    preset: session?.presets[0]?.name ?? '',
    lifeSpan: DEFAULT_LIFE_SPAN
  });
  const place =
    session?.platform?.kind === 'local'
      ? trans.__('this computer')
      : (session?.platform?.title ?? '–');
  const what = draft.command.trim().split(/\s+/).slice(0, 3).join(' ');
  const wrong = Object.entries(problems);
  const blocked = tried && wrong.length > 0;
  const busy = props.state !== 'idle';
  return (
    <aside className="jp-NeuroSummary" aria-label={trans.__('Summary')}>
      <div className="jp-NeuroSummary-scroll">
        <h3 className="jp-NeuroCaption">{trans.__('Summary')}</h3>
        <p className="jp-NeuroSummary-sentence">
          <Rich
            text={trans.__(
              'Runs **%1** on **%2** of **%3**, for at most',
              ...SLOTS
            )}
            values={[what || '…', draft.preset || '–', place]}
          />
        </p>
        <div className="jp-NeuroSummary-span">
          <HTMLSelect
            className="jp-NeuroSelect"
            value={String(draft.lifeSpan)}
            aria-label={trans.__('Life span')}
            onChange={event =>
              change({
                lifeSpan:
                  event.target.value === 'null'
                    ? null
                    : Number(event.target.value)
              })
            }
          >
            {spans(draft.lifeSpan).map(seconds => (
              <option key={String(seconds)} value={String(seconds)}>
                {lifeSpanWords(trans, seconds)}
              </option>
            ))}
          </HTMLSelect>
          <span className="jp-NeuroField-hint">{trans.__('life span')}</span>
        </div>
        {problems.life_span && (
          <div className="jp-NeuroField-problem">{problems.life_span}</div>
        )}
        <h3 className="jp-NeuroCaption">{trans.__('Same as')}</h3>
        <pre className="jp-NeuroCode">{line}</pre>
        <div className="jp-NeuroSummary-buttons">
          <button
            className="jp-NeuroButton"
            onClick={() => void copyText(line)}
          >
            <copyIcon.react tag="span" aria-hidden="true" />
            {trans.__('Copy')}
          </button>
          {commands.isVisible(CommandIDs.insertCode) && (
            <button
              className="jp-NeuroButton"
              disabled={
                !commands.isEnabled(CommandIDs.insertCode, { code: line })
              }
              title={trans.__('Into a new cell of the notebook you had open')}
              onClick={() =>
                void commands.execute(CommandIDs.insertCode, { code: line })
              }
            >
              <codeIcon.react tag="span" aria-hidden="true" />
              {trans.__('Insert in notebook')}
            </button>
          )}
        </div>
      </div>
      <div className="jp-NeuroSummary-end" aria-live="polite">
        <Outcome {...props} />
        {blocked && (
          <ul className="jp-NeuroSummary-problems">
            {wrong.map(([field, text]) => (
              <li key={field}>
                <button
                  className="jp-NeuroLink"
                  onClick={() => props.goTo(field)}
                >
                  {text}
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className="jp-NeuroSummary-start">
          <button className="jp-NeuroButton" onClick={props.cancel}>
            {trans.__('Cancel')}
          </button>
          <button
            className="jp-NeuroButton jp-mod-primary"
            aria-disabled={busy}
            onClick={props.start}
          >
            {!blocked && !busy && (
              <runIcon.react tag="span" aria-hidden="true" />
            )}
            {busy
              ? trans.__('Starting…')
              : blocked
                ? trans._n(
                    'Fix %1 field to start',
                    'Fix %1 fields to start',
                    wrong.length
                  )
                : trans.__('Start job')}
          </button>
        </div>
        <div className="jp-NeuroSummary-key">{trans.__('Ctrl Enter')}</div>
      </div>
    </aside>
  );
}

/** The life spans to choose from, and the one a run had that is run again. */
function spans(chosen: number | null): (number | null)[] {
  return LIFE_SPANS.includes(chosen)
    ? LIFE_SPANS
    : [...LIFE_SPANS.slice(0, -1), chosen, null];
}

/** What became of the last try. */
function Outcome(props: ISummaryProps): JSX.Element | null {
  const { neuro, trans } = useScope();
  const { error, state } = props;
  if (state === 'looking') {
    return (
      <Note kind="warning">
        {trans.__('Sent, but no answer came. Looking for the job…')}
      </Note>
    );
  }
  if (state === 'sending' || !error) {
    return null;
  }
  if (props.isUnknown) {
    return (
      <Note
        kind="warning"
        title={trans.__('Sent, but no answer came.')}
        actions={[{ label: trans.__('Send again'), run: props.start }]}
      >
        {neuro.session.session?.platform?.kind === 'local'
          ? trans.__(
              'Whether the job was started is not known. Sending it again is safe: it starts at most one job.'
            )
          : trans.__(
              'Whether the job was started is not known. Look into the list first; sending it again may start a second one.'
            )}
      </Note>
    );
  }
  if (error.code === 'offline') {
    return (
      <Note
        kind="error"
        actions={[{ label: trans.__('Try again'), run: props.start }]}
      >
        {trans.__(
          'Not sent: the platform cannot be reached. Nothing was changed.'
        )}
      </Note>
    );
  }
  if (error.details.field) {
    return null; // it stands at its field
  }
  return (
    <Note kind="error" title={error.message}>
      {error.hint}
    </Note>
  );
}
