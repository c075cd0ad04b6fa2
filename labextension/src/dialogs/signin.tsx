import React from 'react';

import { Field } from '../components/field';
import type { INeuro } from '../tokens';
import { FormBody, FormDialog } from './formdialog';

/** What an address looks like, in every language. */
const ADDRESS = 'https://…/api/v1';

/** Sign in with the line a colleague gave, or with an address and a token. */
class SignInForm extends FormBody {
  constructor(private readonly _neuro: INeuro) {
    super();
    this.addClass('jp-NeuroForm');
  }

  protected check(): boolean {
    const { line, url, token } = this._values;
    return Boolean(line.trim() || (url.trim() && token.trim()));
  }

  protected send(): Promise<void> {
    const { line, url, token } = this._values;
    return this._neuro.session.signIn(
      line.trim()
        ? { line: line.trim() }
        : { url: url.trim(), token: token.trim() }
    );
  }

  protected render(): JSX.Element {
    const { trans } = this._neuro;
    const input = (name: 'line' | 'url' | 'token', rest = {}) => (
      <input
        className="jp-NeuroInput"
        value={this._values[name]}
        spellCheck={false}
        autoComplete="off"
        onChange={event => {
          this._values[name] = event.target.value;
          this.error = null;
          this.update();
        }}
        {...rest}
      />
    );
    const other = this.otherProblem(['line', 'url', 'token']);
    return (
      <>
        <Field
          id="jp-neuro-signin-line"
          label={trans.__('Line with address and token')}
          problem={this.problem('line')}
          hint={trans.__(
            'The owner of the platform gets it from "Add a colleague…".'
          )}
        >
          {input('line', { type: 'password' })}
        </Field>
        <div className="jp-NeuroForm-or">{trans.__('or both apart')}</div>
        <Field
          id="jp-neuro-signin-url"
          label={trans.__('Platform address')}
          problem={this.problem('url')}
        >
          {input('url', { placeholder: ADDRESS })}
        </Field>
        <Field
          id="jp-neuro-signin-token"
          label={trans.__('Token')}
          problem={this.problem('token')}
          hint={trans.__('It stays on the Jupyter server.')}
        >
          {input('token', { type: 'password' })}
        </Field>
        {other && (
          <div className="jp-NeuroField-problem" role="alert">
            {other}
          </div>
        )}
        {this.isBusy && (
          <div className="jp-NeuroField-hint" role="status">
            {trans.__('Signing in…')}
          </div>
        )}
      </>
    );
  }

  private readonly _values = { line: '', url: '', token: '' };
}

export async function signInDialog(neuro: INeuro): Promise<boolean> {
  const { trans } = neuro;
  const dialog = new FormDialog({
    title: trans.__('Sign in to a platform'),
    body: new SignInForm(neuro),
    accept: trans.__('Sign in'),
    cancel: trans.__('Cancel'),
    focus: 'input'
  });
  const result = await dialog.launch();
  return result.button.accept;
}
