import type { ILine } from './terminal';
import { LineTerminal } from './terminal';

/** How loud a line is: 0 ordinary, 1 a warning, 2 an error. */
export type Loudness = 0 | 1 | 2;

const ERROR =
  /\b(?:ERROR|CRITICAL|FATAL|panic:)|^Traceback \(most recent call last\)|^[\w.]{0,80}(?:Error|Exception)\b/;
const WARNING = /\bWARN(?:ING)?\b|\b\w{0,80}Warning:/;

/** Lines thrown away at once when there are too many, so that this costs little. */
const SLACK = 1000;

/** The last lines of a log, parsed. */
export class LogBuffer {
  constructor(
    readonly maxLines: number,
    timestamps = false
  ) {
    this._terminal = new LineTerminal(line => this._push(line), timestamps);
  }

  /** Finished lines plus the one that is being written. */
  get length(): number {
    return this._lines.length + (this._terminal.isOpen ? 1 : 0);
  }

  /** Lines that were here and are only in the full log now. */
  get dropped(): number {
    return this._dropped;
  }

  /** Bytes received. */
  get bytes(): number {
    return this._bytes;
  }

  get errors(): number {
    return this._errors;
  }

  get hasTimes(): boolean {
    return this._hasTimes;
  }

  /** @param index - 0 is the oldest line that is still here. */
  line(index: number): ILine | null {
    return this._lines[index] ?? this._terminal.open;
  }

  loudness(index: number): Loudness {
    const line = this.line(index);
    return line ? loudness(line.text) : 0;
  }

  write(bytes: Uint8Array): void {
    this._bytes += bytes.byteLength;
    this._terminal.write(this._decoder.decode(bytes, { stream: true }));
  }

  /** Indices of the lines that hold `text`, at most `limit`; an empty text is in none. */
  search(text: string, matchCase: boolean, limit = 10_000): number[] {
    const found: number[] = [];
    if (!text) {
      return found;
    }
    const needle = matchCase ? text : text.toLowerCase();
    const count = this.length;
    for (let at = 0; at < count && found.length < limit; at++) {
      const line = this.line(at)?.text ?? '';
      if ((matchCase ? line : line.toLowerCase()).includes(needle)) {
        found.push(at);
      }
    }
    return found;
  }

  /** The next line after `from` with an error, around the end; -1 if there is none. */
  nextError(from: number, step: 1 | -1 = 1): number {
    const count = this.length;
    for (let i = 1; i <= count; i++) {
      const at = (from + i * step + count * 2) % count;
      if (this.loudness(at) === 2) {
        return at;
      }
    }
    return -1;
  }

  private _push(line: ILine): void {
    this._lines.push(line);
    this._hasTimes ||= line.time !== '';
    if (loudness(line.text) === 2) {
      this._errors += 1;
    }
    if (this._lines.length > this.maxLines + SLACK) {
      this._lines.splice(0, SLACK);
      this._dropped += SLACK;
    }
  }

  private readonly _terminal: LineTerminal;
  private readonly _decoder = new TextDecoder();
  private readonly _lines: ILine[] = [];
  private _dropped = 0;
  private _bytes = 0;
  private _errors = 0;
  private _hasTimes = false;
}

export function loudness(text: string): Loudness {
  const head = text.slice(0, 400);
  return ERROR.test(head) ? 2 : WARNING.test(head) ? 1 : 0;
}
