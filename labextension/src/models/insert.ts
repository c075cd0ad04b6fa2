import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';

const LOAD = '%load_ext jupyter_neuro';
/** Milliseconds that an idle kernel has to answer; a busy one is not asked. */
const PATIENCE = 2000;

/**
 * Put a `%neuro` line into a new cell below the current one, after `%load_ext` where that is not done yet.
 *
 * @returns Whether the kernel is known to lack the package.
 */
export async function insertLine(
  panel: NotebookPanel,
  line: string
): Promise<{ packageMissing: boolean }> {
  const kernel = panel.sessionContext.session?.kernel ?? null;
  const answer = kernel?.status === 'idle' ? await ask(kernel) : null;
  const loaded = answer?.loaded ?? written(panel);
  const notebook = panel.content;
  const current = notebook.activeCell?.model;
  const empty =
    current?.type === 'code' && current.sharedModel.getSource().trim() === '';
  if (!empty) {
    NotebookActions.insertBelow(notebook);
  }
  notebook.activeCell?.model.sharedModel.setSource(
    loaded ? line : `${LOAD}\n${line}`
  );
  return { packageMissing: answer !== null && !answer.installed };
}

/** Whether some cell of the notebook loads the extension. */
function written(panel: NotebookPanel): boolean {
  return panel.content.widgets.some(cell =>
    cell.model.sharedModel.getSource().includes(LOAD)
  );
}

/** Ask the kernel whether the magic is there, without leaving a trace in it. */
async function ask(
  kernel: Kernel.IKernelConnection
): Promise<{ loaded: boolean; installed: boolean } | null> {
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    user_expressions: {
      loaded: "'neuro' in get_ipython().magics_manager.magics['line']",
      installed:
        "__import__('importlib.util').util.find_spec('jupyter_neuro') is not None"
    }
  });
  const timeout = new Promise<null>(resolve => {
    window.setTimeout(() => resolve(null), PATIENCE);
  });
  const reply = await Promise.race([future.done, timeout]);
  if (!reply || reply.content.status !== 'ok') {
    return null;
  }
  const values = reply.content.user_expressions as Record<
    string,
    { data?: Record<string, string> }
  >;
  const truth = (name: string) => values[name]?.data?.['text/plain'];
  if (!truth('loaded') || !truth('installed')) {
    return null;
  }
  return {
    loaded: truth('loaded') === 'True',
    installed: truth('installed') === 'True'
  };
}
