import { Dialog, showDialog } from '@jupyterlab/apputils';
import React from 'react';

import type { ColleagueInvite } from '../api/wire';
import { copyText } from '../components/clipboard';
import { Field } from '../components/field';
import { Rich, SLOTS } from '../components/rich';
import type { INeuro } from '../tokens';
import { FormBody, FormDialog } from './formdialog';

/** The name of a new user of this computer's platform. */
class ColleagueForm extends FormBody {
  constructor(private readonly _neuro: INeuro) {
    super();
    this.addClass('jp-NeuroForm');
  }

  /** What the colleague signs in with, once it is there. */
  invite: ColleagueInvite | null = null;

  protected check(): boolean {
    return this._name.trim() !== '';
  }

  protected async send(): Promise<void> {
    this.invite = await this._neuro.client.addColleague(this._name.trim());
  }

  protected render(): JSX.Element {
    const { trans, session } = this._neuro;
    const other = this.otherProblem(['name']);
    const separate = session.session?.platform?.tier !== 'process';
    return (
      <>
        <p>
          {trans.__(
            'A colleague who works on this computer, with a JupyterLab of their own, can then sign in here and use what you share.'
          )}
        </p>
        <Field
          id="jp-neuro-colleague-name"
          label={trans.__('Name')}
          problem={this.problem('name')}
          hint={trans.__('Small letters, digits and single dashes.')}
        >
          <input
            className="jp-NeuroInput"
            value={this._name}
            maxLength={40}
            spellCheck={false}
            autoComplete="off"
            onChange={event => {
              this._name = event.target.value;
              this.error = null;
              this.update();
            }}
          />
        </Field>
        {!separate && (
          <p className="jp-NeuroField-hint">
            {trans.__(
              'Jobs here run as your own user, so only you may start them; a colleague can see, read and transfer what you share.'
            )}
          </p>
        )}
        {other && (
          <div className="jp-NeuroField-problem" role="alert">
            {other}
          </div>
        )}
      </>
    );
  }

  private _name = '';
}

/** Ask for a name, then show the line for signing in: once, since nothing keeps it. */
export async function colleagueDialog(neuro: INeuro): Promise<void> {
  const { trans } = neuro;
  const form = new ColleagueForm(neuro);
  const dialog = new FormDialog({
    title: trans.__('Add a colleague'),
    body: form,
    accept: trans.__('Add'),
    cancel: trans.__('Cancel'),
    focus: 'input'
  });
  const result = await dialog.launch();
  if (result.button.accept && form.invite) {
    await showInvite(neuro, form.invite);
  }
}

async function showInvite(
  neuro: INeuro,
  invite: ColleagueInvite
): Promise<void> {
  const { trans } = neuro;
  const result = await showDialog({
    title: trans.__('%1 can sign in now', invite.name),
    body: (
      <div className="jp-NeuroForm">
        <p>
          <Rich
            text={trans.__(
              'Give **%1** this line. It is their sign-in, so send it to nobody else. In their JupyterLab it goes into Neuro, "Sign in…".',
              ...SLOTS
            )}
            values={[invite.name]}
          />
        </p>
        <input
          className="jp-NeuroInput jp-NeuroInvite"
          readOnly
          value={invite.line}
          aria-label={trans.__('Line with address and token')}
          onFocus={event => event.target.select()}
        />
        <p className="jp-NeuroField-hint">
          {trans.__('The line is shown only now. A lost one can be renewed.')}
        </p>
      </div>
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Close') }),
      Dialog.okButton({ label: trans.__('Copy') })
    ],
    focusNodeSelector: 'input'
  });
  if (result.button.accept) {
    await copyText(invite.line);
  }
}
