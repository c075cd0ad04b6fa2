import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';

import { NeuroError } from '../api/error';

/**
 * Body of a dialog with fields: what is wrong stands under its field, and the dialog stays open until the server
 * took what was typed.
 */
export abstract class FormBody extends ReactWidget {
  /** The failure of the last try, or null. */
  protected error: NeuroError | null = null;
  protected isBusy = false;

  /** Send it; rejects with what went wrong. */
  protected abstract send(): Promise<void>;

  /** Whether there is enough to send; may mark fields. */
  protected check(): boolean {
    return true;
  }

  /** @returns Whether the dialog may close. */
  async submit(): Promise<boolean> {
    if (this.isBusy || !this.check()) {
      return false;
    }
    this.isBusy = true;
    this.error = null;
    this.update();
    try {
      await this.send();
      return true;
    } catch (reason) {
      this.error = NeuroError.from(reason);
      return false;
    } finally {
      this.isBusy = false;
      this.update();
    }
  }

  /** The words under a field, if the failure is this field's. */
  protected problem(field: string): string {
    return this.error?.details.field === field
      ? [this.error.message, this.error.hint].filter(Boolean).join(' ')
      : '';
  }

  /** The words at the end of the form, if the failure is none of these fields'. */
  protected otherProblem(fields: string[]): string {
    const field = this.error?.details.field ?? '';
    return this.error && !fields.includes(field)
      ? [this.error.message, this.error.hint].filter(Boolean).join(' ')
      : '';
  }
}

/** A dialog that closes only when its form was accepted. */
export class FormDialog extends Dialog<void> {
  constructor(options: {
    title: string;
    body: FormBody;
    accept: string;
    cancel: string;
    focus: string;
  }) {
    super({
      title: options.title,
      body: options.body as unknown as Dialog.IBodyWidget<void>,
      buttons: [
        Dialog.cancelButton({ label: options.cancel }),
        Dialog.okButton({ label: options.accept })
      ],
      defaultButton: 1,
      focusNodeSelector: options.focus
    });
    this._form = options.body;
    this.addClass('jp-NeuroDialog');
  }

  resolve(index?: number): void {
    if (index === 0) {
      super.resolve(index);
      return;
    }
    void this._form.submit().then(accepted => {
      if (accepted) {
        super.resolve(1);
      }
    });
  }

  private readonly _form: FormBody;
}
