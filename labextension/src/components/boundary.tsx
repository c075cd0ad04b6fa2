import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

interface IProps {
  trans: TranslationBundle;
  children: React.ReactNode;
}

/** Keeps one broken view from taking the panel with it. */
export class ErrorBoundary extends React.Component<
  IProps,
  { error: Error | null }
> {
  state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  componentDidCatch(error: Error, info: React.ErrorInfo): void {
    console.error('jupyter-neuro: a view broke', error, info.componentStack);
  }

  render(): React.ReactNode {
    const { trans } = this.props;
    const { error } = this.state;
    if (!error) {
      return this.props.children;
    }
    return (
      <div className="jp-NeuroNote jp-mod-error" role="alert">
        <div className="jp-NeuroNote-title">
          {trans.__('This view broke, which is a defect of Neuro.')}
        </div>
        <div className="jp-NeuroNote-text">
          {trans.__(
            'Your jobs are not affected. Show it again, or reload the page if it breaks again.'
          )}
        </div>
        <code className="jp-NeuroNote-code">{error.message}</code>
        <div className="jp-NeuroNote-actions">
          <button
            className="jp-NeuroLink"
            onClick={() => this.setState({ error: null })}
          >
            {trans.__('Show it again')}
          </button>
        </div>
      </div>
    );
  }
}
