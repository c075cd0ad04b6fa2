import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { NeuroError } from '../api/error';
import { VERSION } from '../version';
import { copyText } from './clipboard';
import { useScope } from './context';
import type { IAction } from './note';
import { Note } from './note';
import { Rich } from './rich';

/** Title and text of an error: what happened, why, what to do. */
export function errorWords(
  trans: TranslationBundle,
  error: NeuroError,
  what: string
): { title: string; text: string } {
  const title = trans.__('Could not load %1', what);
  switch (error.code) {
    case 'server-missing':
      return {
        title: trans.__('The server part of Neuro is not running.'),
        text: trans.__(
          'Install it in the environment of this Jupyter server: `pip install jupyter_neuro`, then restart the server.'
        )
      };
    case 'server-unreachable':
      return {
        title,
        text: trans.__(
          'The Jupyter server does not answer: %1. If it was stopped, start it again.',
          error.message
        )
      };
    case 'cancelled':
      return { title, text: trans.__('You cancelled it.') };
    case 'too-many':
      return {
        title,
        text: error.retryAfter
          ? trans.__(
              'The platform asks to slow down. Trying again in %1 s.',
              error.retryAfter
            )
          : trans.__('The platform asks to slow down.')
      };
    case 'bad-answer':
      return {
        title,
        text: trans.__('The platform answered %1.', error.call.status)
      };
    default: {
      const text = [error.message, error.hint].filter(Boolean).join(' ');
      return { title, text };
    }
  }
}

/** A failed call as a note, with Retry and its details. */
export function ErrorNote(props: {
  error: NeuroError;
  /** "jobs", "this job": completes "Could not load …". */
  what: string;
  retry?: () => void;
}): JSX.Element {
  const { trans } = useScope();
  const { error, what, retry } = props;
  const { title, text } = errorWords(trans, error, what);
  const actions: IAction[] = [];
  if (error.code === 'server-missing') {
    actions.push({
      label: trans.__('Copy command'),
      run: () => void copyText('pip install jupyter_neuro')
    });
  }
  if (retry) {
    actions.push({ label: trans.__('Retry'), run: retry });
  }
  if (error.code !== 'cancelled') {
    actions.push({
      label: trans.__('Show details'),
      run: () => void showDetails(trans, error)
    });
  }
  return (
    <Note kind="error" title={title} actions={actions}>
      <Rich text={text} />
    </Note>
  );
}

/** The raw answer, for a report. It holds no secret: the page never has one. */
export function reportOf(error: NeuroError): string {
  const { call, details } = error;
  const lines = [
    `message: ${error.message}`,
    `code: ${error.code}`,
    `request: ${call.method} ${call.path}`,
    `status: ${call.status || 'no answer'}`,
    `time: ${call.time.toISOString()}`
  ];
  if (call.requestId) {
    lines.push(`request id: ${call.requestId}`);
  }
  if (details.missing.length) {
    lines.push(`missing rights: ${details.missing.join(', ')}`);
  }
  if (details.upstream) {
    lines.push(`platform: ${details.upstream}`);
  }
  lines.push(`jupyter_neuro page: ${VERSION}`);
  return lines.join('\n');
}

export async function showDetails(
  trans: TranslationBundle,
  error: NeuroError
): Promise<void> {
  const report = reportOf(error);
  const result = await showDialog({
    title: trans.__('Details'),
    body: (
      <div className="jp-NeuroDetails">
        {error.hint && <p>{error.hint}</p>}
        <pre>{report}</pre>
      </div>
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Close') }),
      Dialog.okButton({ label: trans.__('Copy report') })
    ],
    defaultButton: 0
  });
  if (result.button.accept) {
    await copyText(report);
  }
}
