import { completeDetails } from './defaults';
import type { ErrorBody, ErrorDetails, Sparse } from './wire';

/**
 * Every way a call can fail, as one class.
 *
 * `code` is the server's stable code, or one of ours:
 * - `server-unreachable`: no answer from the Jupyter server (a POST may have arrived all the same);
 * - `server-missing`: the Jupyter server answers, but has no server part of Neuro;
 * - `bad-answer`: an answer that is none of ours, for example of a proxy.
 */
export class NeuroError extends Error {
  constructor(body: Sparse<ErrorBody>, call: NeuroError.ICall) {
    super(body.message ?? '');
    this.name = 'NeuroError';
    this.code = body.code ?? 'bad-answer';
    this.hint = body.hint ?? '';
    this.retryable = body.retryable ?? false;
    this.details = completeDetails(body.details);
    this.call = call;
  }

  readonly code: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly details: ErrorDetails;
  readonly call: NeuroError.ICall;

  /** Seconds the server asks to wait (429, 503), or 0. */
  get retryAfter(): number {
    return this.call.retryAfter ?? 0;
  }
}

export namespace NeuroError {
  /** What was asked, for "Show details". */
  export interface ICall {
    method: string;
    path: string;
    status: number;
    time: Date;
    requestId?: string;
    retryAfter?: number;
  }

  /** The user did not want to wait any longer. */
  export function cancelled(path: string): NeuroError {
    return new NeuroError(
      { code: 'cancelled' },
      { method: 'GET', path, status: 0, time: new Date() }
    );
  }

  /** The platform that was there is away. */
  export function offline(message: string, hint: string): NeuroError {
    return new NeuroError(
      { code: 'offline', message, hint, retryable: true },
      { method: 'GET', path: 'session', status: 200, time: new Date() }
    );
  }

  /** Any thrown value as a NeuroError, so that a view has one thing to show. */
  export function from(reason: unknown): NeuroError {
    if (reason instanceof NeuroError) {
      return reason;
    }
    const message = reason instanceof Error ? reason.message : String(reason);
    return new NeuroError(
      { message, code: 'page' },
      { method: '', path: '', status: 0, time: new Date() }
    );
  }
}
