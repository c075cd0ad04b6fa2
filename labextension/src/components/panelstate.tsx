import React from 'react';

import type { Session } from '../api/wire';
import { CommandIDs } from '../commands';
import { computerIcon, logoIcon } from '../icons';
import { clock, duration, secondsSince } from '../models/times';
import { tierSentence } from '../models/words';
import { VERSION } from '../version';
import { useNow, useScope, useSignal } from './context';
import { ErrorNote } from './errornote';
import { Loading } from './loading';
import { Note } from './note';
import { Rich, SLOTS } from './rich';

/** What the panel as a whole has to say: nothing when all is well. */
export function PanelState(): JSX.Element | null {
  const { neuro, trans } = useScope();
  const model = neuro.session;
  useSignal(model.changed);
  const { session, error } = model;
  const retry = () => void model.refresh();
  if (!session) {
    return error ? (
      <ErrorNote error={error} what={trans.__('your session')} retry={retry} />
    ) : (
      <Loading since={model.loadingSince} cancel={() => model.cancel()} />
    );
  }
  if (!model.isUsable) {
    return (
      <Note
        kind="error"
        title={trans.__('Page and server do not fit together.')}
        actions={[
          { label: trans.__('Reload'), run: () => window.location.reload() }
        ]}
      >
        {trans.__(
          'Page %1 and server %2 do not fit together. Reload the page; if this stays, update jupyter_neuro.',
          VERSION,
          session.version
        )}
      </Note>
    );
  }
  switch (session.state) {
    case 'signed-out':
      return <SignedOut session={session} />;
    case 'choose':
      return <Choose session={session} />;
    case 'failed':
      return <Failed session={session} />;
    default:
      return error && !error.retryable ? (
        <ErrorNote
          error={error}
          what={trans.__('your session')}
          retry={retry}
        />
      ) : (
        <Offline />
      );
  }
}

function SignedOut({ session }: { session: Session }): JSX.Element {
  const { commands, trans } = useScope();
  return (
    <div className="jp-NeuroWelcome">
      <logoIcon.react
        tag="span"
        className="jp-NeuroWelcome-logo"
        aria-hidden="true"
      />
      <h2>{trans.__('Not signed in')}</h2>
      <p>
        {session.message ||
          trans.__('Jobs, storage and images of your team will show here.')}
      </p>
      {session.hint && <p>{session.hint}</p>}
      <button
        className="jp-NeuroButton jp-mod-primary"
        onClick={() => void commands.execute(CommandIDs.signIn)}
      >
        {trans.__('Sign in…')}
      </button>
      {session.local_available && (
        <>
          <UseLocal />
          <p className="jp-NeuroWelcome-small">
            {trans.__(
              '"This computer" runs jobs on this machine, without a cluster account.'
            )}{' '}
            {session.platform && tierSentence(trans, session.platform.tier)}
          </p>
        </>
      )}
    </div>
  );
}

/** A cluster sign-in was found and nobody has said yet which platform to use: asked once. */
function Choose({ session }: { session: Session }): JSX.Element {
  const { commands, trans } = useScope();
  return (
    <div className="jp-NeuroWelcome">
      <logoIcon.react
        tag="span"
        className="jp-NeuroWelcome-logo"
        aria-hidden="true"
      />
      <h2>{trans.__('Where should your jobs run?')}</h2>
      <p>
        <Rich
          text={trans.__(
            'A sign-in was found on this account: **%1**.',
            ...SLOTS
          )}
          values={[session.cluster_login]}
        />
      </p>
      <button
        className="jp-NeuroButton jp-mod-primary"
        onClick={() => void commands.execute(CommandIDs.useCluster)}
      >
        {trans.__('Use the cluster')}
      </button>
      {session.local_available && <UseLocal />}
      <p className="jp-NeuroWelcome-small">
        {trans.__(
          'You are asked once. "Switch platform" in the menu at the top changes it at any time, and running jobs go on.'
        )}
      </p>
    </div>
  );
}

function UseLocal(): JSX.Element {
  const { commands, trans } = useScope();
  return (
    <button
      className="jp-NeuroButton"
      onClick={() => void commands.execute(CommandIDs.useLocal)}
    >
      <computerIcon.react tag="span" aria-hidden="true" />
      {trans.__('Use this computer')}
    </button>
  );
}

function Failed({ session }: { session: Session }): JSX.Element {
  const { commands, neuro, trans } = useScope();
  const actions = [
    { label: trans.__('Retry'), run: () => void neuro.session.refresh() },
    {
      label: trans.__('Sign in again'),
      run: () => void commands.execute(CommandIDs.signIn)
    }
  ];
  if (session.local_available && session.platform?.kind !== 'local') {
    actions.push({
      label: trans.__('Use this computer'),
      run: () => void commands.execute(CommandIDs.useLocal)
    });
  }
  return (
    <Note
      kind="error"
      title={session.message || trans.__('The platform cannot be used now.')}
      actions={actions}
    >
      {session.hint}
    </Note>
  );
}

/** O1: the list is kept and says how old it is. */
function Offline(): JSX.Element | null {
  const { neuro, trans, language } = useScope();
  useSignal(neuro.list.changed);
  useSignal(neuro.active.changed);
  const model = neuro.list.page ? neuro.list : neuro.active;
  const { page } = model;
  const error = neuro.session.error ?? model.error;
  const away = error !== null || model.isStale;
  const now = useNow(away);
  if (!page || !away) {
    return null;
  }
  const age = duration(trans, secondsSince(page.as_of, now));
  const next = neuro.session.error ? neuro.session.nextTry : model.nextTry;
  const wait = Math.max(0, Math.ceil((next - now) / 1000));
  const time = clock(page.as_of, language);
  return (
    <Note
      kind="warning"
      title={trans.__('Offline.')}
      actions={[
        {
          label: trans.__('Try now'),
          run: () => {
            void neuro.session.refresh();
            void neuro.list.refresh();
            void neuro.active.refresh();
          }
        }
      ]}
    >
      {wait > 0
        ? trans.__(
            'Showing data of %1 (%2 ago). Next try in %3 s.',
            time,
            age,
            wait
          )
        : trans.__('Showing data of %1 (%2 ago).', time, age)}
      {(page.error || error?.message) && (
        <span className="jp-NeuroNote-why">{page.error || error?.message}</span>
      )}
    </Note>
  );
}
