import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import React from 'react';

import { ErrorBoundary } from '../components/boundary';
import type { IScope } from '../components/context';
import { ScopeProvider } from '../components/context';

/** A component that draws a view; `visible` is false while nobody can see it. */
export type View = (props: { visible: boolean }) => React.ReactNode;

/**
 * A widget around a component of ours: gives it the scope and an error boundary, and loads its code when it is shown
 * for the first time.
 */
export class ViewWidget extends ReactWidget {
  constructor(scope: IScope, load: () => Promise<View>) {
    super();
    this._scope = scope;
    this._load = load;
    this.addClass('jp-NeuroView');
    // may hold the focus itself, so that a shell knows which of its widgets is the current one
    this.node.tabIndex = -1;
  }

  /** Emits when the widget comes into or goes out of sight. */
  readonly visibleChanged = new Signal<this, boolean>(this);

  protected render(): JSX.Element | null {
    const { _view: View } = this;
    if (!View) {
      return null;
    }
    return (
      <ScopeProvider value={this._scope}>
        <ErrorBoundary trans={this._scope.neuro.trans}>
          <View visible={this.isVisible} />
        </ErrorBoundary>
      </ScopeProvider>
    );
  }

  protected onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._onVisible();
  }

  protected onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._onVisible();
  }

  protected onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this.update();
    this.visibleChanged.emit(false);
  }

  /** A closed tab is gone: a widget of lumino's is only taken out, and would be kept and restored for ever. */
  protected onCloseRequest(msg: Message): void {
    super.onCloseRequest(msg);
    this.dispose();
  }

  protected onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (!this.node.contains(document.activeElement)) {
      this.node.focus({ preventScroll: true });
    }
  }

  private _onVisible(): void {
    if (!this.isVisible) {
      return;
    }
    this.visibleChanged.emit(true);
    if (this._view) {
      this.update();
    } else if (!this._loading) {
      this._loading = true;
      this._load().then(
        view => {
          this._view = view;
          this.update();
        },
        (reason: unknown) => {
          // a chunk may be gone after an update of the server: the next showing tries again
          this._loading = false;
          console.error('jupyter-neuro: a view could not be loaded', reason);
        }
      );
    }
  }

  private readonly _scope: IScope;
  private readonly _load: () => Promise<View>;
  private _view: View | null = null;
  private _loading = false;
}
