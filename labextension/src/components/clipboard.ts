import { Clipboard } from '@jupyterlab/apputils';

/** Put a text on the clipboard; on plain http there is no asynchronous clipboard, so the old way is the fallback. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    Clipboard.copyToSystem(text);
  }
}
