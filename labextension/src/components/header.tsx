import { MenuSvg, ellipsesIcon, folderIcon } from '@jupyterlab/ui-components';
import type { Menu } from '@lumino/widgets';
import React from 'react';

import type { Session } from '../api/wire';
import { CommandIDs } from '../commands';
import { chevronIcon, cloudIcon, computerIcon } from '../icons';
import { tierSentence } from '../models/words';
import { useScope, useSignal } from './context';
import { Initial } from './state';

/** Who and where I am (line 1), which folder and project (line 2). */
export function Header(): JSX.Element | null {
  const { neuro } = useScope();
  useSignal(neuro.session.changed);
  const { session, isUsable } = neuro.session;
  if (!session || !session.platform || !session.user || !isUsable) {
    return null;
  }
  return (
    <div className="jp-NeuroHeader">
      <WhoLine session={session} />
      <WhereLine session={session} />
    </div>
  );
}

function WhoLine({ session }: { session: Session }): JSX.Element {
  const { commands, trans } = useScope();
  const platform = session.platform!;
  const local = platform.kind === 'local';
  const Icon = local ? computerIcon : cloudIcon;
  const place = local ? trans.__('This computer') : platform.title;
  const caption = local
    ? tierSentence(trans, platform.tier)
    : trans.__(
        'Signed in to %1 as %2, cluster %3, organisation %4',
        platform.url,
        session.user,
        platform.cluster,
        platform.org || '–'
      );
  const platformItems: Item[] = [
    CommandIDs.useLocal,
    CommandIDs.useCluster,
    null,
    CommandIDs.signIn
  ];
  const items: Item[] = [
    CommandIDs.addColleague,
    CommandIDs.signIn,
    null,
    CommandIDs.useLocal,
    CommandIDs.useCluster,
    null,
    CommandIDs.copySignIn,
    CommandIDs.refreshAll,
    CommandIDs.signOut,
    null,
    CommandIDs.about
  ];
  return (
    <div className="jp-NeuroHeader-who">
      <Initial name={session.user} />
      <span className="jp-NeuroHeader-user" title={session.user}>
        {session.user}
      </span>
      <button
        className="jp-NeuroHeader-chip"
        title={caption}
        aria-haspopup="menu"
        onClick={event => openMenu(commands, platformItems, event)}
      >
        <Icon.react tag="span" aria-hidden="true" />
        <span className="jp-NeuroHeader-place">{place}</span>
      </button>
      <span className="jp-NeuroHeader-spacer" />
      <button
        className="jp-NeuroIconButton"
        title={trans.__('More')}
        aria-label={trans.__('More about the platform and your account')}
        aria-haspopup="menu"
        onClick={event => openMenu(commands, items, event)}
      >
        <ellipsesIcon.react tag="span" aria-hidden="true" />
      </button>
    </div>
  );
}

function WhereLine({ session }: { session: Session }): JSX.Element {
  const { commands, trans } = useScope();
  const local = session.platform!.kind === 'local';
  const place = local ? trans.__('This computer') : session.platform!.title;
  const projects: Item[] = session.projects.map(project => ({
    command: CommandIDs.switchProject,
    args: { project: project.name, role: project.role }
  }));
  const name = (
    <>
      <b className="jp-NeuroHeader-name" title={session.project}>
        {session.project}
      </b>
      {projects.length > 1 && (
        <chevronIcon.react tag="span" aria-hidden="true" />
      )}
    </>
  );
  return (
    <div className="jp-NeuroHeader-where">
      <folderIcon.react
        tag="span"
        className="jp-NeuroHeader-folder"
        aria-hidden="true"
      />
      <span className="jp-NeuroHeader-word">{trans.__('folder')}</span>
      <b className="jp-NeuroHeader-name" title={session.folder.path}>
        {session.folder.name}
      </b>
      <span aria-hidden="true">·</span>
      <span className="jp-NeuroHeader-word">{trans.__('project')}</span>
      {projects.length > 1 ? (
        <button
          className="jp-NeuroHeader-project"
          aria-haspopup="menu"
          aria-label={trans.__('Project %1', session.project)}
          title={trans.__('Switch project')}
          onClick={event => openMenu(commands, projects, event)}
        >
          {name}
        </button>
      ) : (
        name
      )}
      <span className="jp-NeuroHeader-on">{trans.__('on %1', place)}</span>
      <span className="jp-NeuroHeader-spacer" />
      {local && (
        <span className="jp-NeuroHeader-cost">{trans.__('no cost')}</span>
      )}
    </div>
  );
}

type Item =
  string | null | { command: string; args: Menu.IItemOptions['args'] };

/** Open a menu of commands under a button; those that make no sense now are left out. */
function openMenu(
  commands: Menu.IOptions['commands'],
  items: Item[],
  event: React.MouseEvent<HTMLElement>
): void {
  const menu = new MenuSvg({ commands });
  menu.addClass('jp-NeuroMenu');
  for (const item of items) {
    if (item === null) {
      menu.addItem({ type: 'separator' });
    } else if (typeof item === 'string') {
      if (commands.isVisible(item)) {
        menu.addItem({ command: item });
      }
    } else {
      menu.addItem(item);
    }
  }
  menu.aboutToClose.connect(() => {
    // the command of the chosen item runs after this signal
    window.setTimeout(() => menu.dispose(), 0);
  });
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  menu.open(left, bottom);
}
