import { applySgr } from './sgr';

/** One finished or growing line of a log. */
export interface ILine {
  text: string;
  /** Pairs of start column and style, where the style changes; empty = plain all through. */
  runs: number[];
  /** ISO time that the platform put before the line, or empty. */
  time: string;
  /** Characters cut off because the line was too long. */
  cut: number;
}

/** Longer lines are cut: the page must survive a line of a gigabyte. */
export const LINE_CAP = 64 * 1024;

/** Characters after which a control sequence is taken to be none; a real one has under 40. */
const SEQUENCE_CAP = 256;

/**
 * What is not plain text: C0 and C1 controls, surrogates (two units of one character), and the marks that reorder
 * or break text (Unicode TR 36, 3.2: a log could show something other than what it holds).
 */
const SPECIALS: [number, number][] = [
  [0x00, 0x08],
  [0x0a, 0x1f],
  [0x7f, 0x9f],
  [0x061c, 0x061c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xd800, 0xdfff]
];
const SPECIAL = new RegExp(
  `[${SPECIALS.map(([from, to]) => `${unit(from)}-${unit(to)}`).join('')}]`,
  'g'
);
const ISO_PREFIX =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) ?/;

type State = 'text' | 'escape' | 'csi' | 'string' | 'string-escape';

/**
 * A terminal that only ever prints: styles, and the rewriting of the line that is not finished yet (`\r`, backspace,
 * erase in line). Every other control sequence, and the text inside OSC and DCS strings, is dropped.
 */
export class LineTerminal {
  constructor(
    private readonly _emit: (line: ILine) => void,
    private readonly _timestamps = false
  ) {}

  /** Whether something was written since the last line feed. */
  get isOpen(): boolean {
    return this._cells.length > 0 || this._cut > 0;
  }

  /** The line that is not finished yet, or null if nothing was written since the last line feed. */
  get open(): ILine | null {
    return this.isOpen ? this._line() : null;
  }

  write(text: string): void {
    let from = 0;
    while (from < text.length) {
      from =
        this._state === 'text'
          ? this._plain(text, from)
          : this._sequence(text, from);
    }
  }

  /** Plain text up to and with the next special character. */
  private _plain(text: string, from: number): number {
    SPECIAL.lastIndex = from;
    const match = SPECIAL.exec(text);
    const end = match ? match.index : text.length;
    if (end > from) {
      const fresh = !this._cells.length && !this._cut && !this._return;
      if (fresh && this._style === 0 && text[end] === '\n') {
        this._whole(text.slice(from, end));
        return end + 1;
      }
      this._print(text, from, end);
    }
    return match ? this._special(text, end) : end;
  }

  private _special(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code <= 0xdbff) {
      const next = text.charCodeAt(at + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        this._put(text.slice(at, at + 2));
        return at + 2;
      }
    }
    switch (code) {
      case 0x0a:
        this._feed();
        break;
      case 0x0d:
        this._return = true;
        break;
      case 0x08:
        this._column = Math.max(0, this._column - 1);
        break;
      case 0x1b:
        this._state = 'escape';
        break;
      case 0x9b:
        this._begin('csi');
        break;
      case 0x90:
      case 0x98:
      case 0x9d:
      case 0x9e:
      case 0x9f:
        this._begin('string');
        break;
    }
    return at + 1;
  }

  private _sequence(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x0a || code === 0x18 || code === 0x1a) {
        // a broken sequence must not swallow the rest of the log
        this._state = 'text';
        return code === 0x0a ? at : at + 1;
      }
      if (this._step(code)) {
        return at + 1;
      }
    }
    return text.length;
  }

  /** One character of a control sequence; true when it is over. */
  private _step(code: number): boolean {
    switch (this._state) {
      case 'escape':
        if (code === 0x5b) {
          this._begin('csi');
        } else if ([0x50, 0x58, 0x5d, 0x5e, 0x5f].includes(code)) {
          this._begin('string');
        } else if (code < 0x20 || code > 0x2f) {
          this._state = code === 0x1b ? 'escape' : 'text';
        }
        break;
      case 'csi':
        if (code === 0x1b) {
          this._state = 'escape';
        } else if (code >= 0x40 && code <= 0x7e) {
          this._control(String.fromCharCode(code), this._parameters);
          this._state = 'text';
        } else if (this._parameters.length < SEQUENCE_CAP) {
          this._parameters += String.fromCharCode(code);
        }
        break;
      case 'string':
        if (code === 0x07 || code === 0x9c) {
          this._state = 'text';
        } else if (code === 0x1b) {
          this._state = 'string-escape';
        }
        break;
      case 'string-escape':
        this._state = code === 0x5c ? 'text' : 'string';
        break;
    }
    return this._state === 'text';
  }

  private _begin(state: State): void {
    this._state = state;
    this._parameters = '';
  }

  private _control(final: string, parameters: string): void {
    if (final === 'm' && /^[\d;:]*$/.test(parameters)) {
      this._style = applySgr(this._style, parameters);
    } else if (final === 'K') {
      this._rewind();
      if (parameters === '2' || parameters === '1') {
        const end = parameters === '2' ? this._cells.length : this._column;
        this._cells.fill(' ', 0, end);
        this._styles.fill(0, 0, end);
      }
      if (parameters !== '1') {
        this._cells.length = Math.min(this._column, this._cells.length);
        this._styles.length = this._cells.length;
      }
    }
  }

  /** `\r` acts when something follows it that is no line feed, so that `\r\n` rewrites nothing. */
  private _rewind(): void {
    if (this._return) {
      this._return = false;
      this._takeTime();
      this._column = 0;
    }
  }

  private _print(text: string, from: number, end: number): void {
    this._rewind();
    const room = Math.min(end, from + Math.max(0, LINE_CAP - this._column));
    for (let at = from; at < room; at++) {
      this._cells[this._column] = text[at];
      this._styles[this._column++] = this._style;
    }
    this._cut += end - room;
  }

  private _put(character: string): void {
    this._rewind();
    if (this._column < LINE_CAP) {
      this._cells[this._column] = character;
      this._styles[this._column++] = this._style;
    } else {
      this._cut += 1;
    }
  }

  private _feed(): void {
    this._emit(this._line());
    this._cells = [];
    this._styles = [];
    this._column = 0;
    this._cut = 0;
    this._time = '';
    this._return = false;
  }

  /** The common case: a whole plain line at once, without cells. */
  private _whole(text: string): void {
    const cut = Math.max(0, text.length - LINE_CAP);
    const line = { text: text.slice(0, LINE_CAP), runs: [], time: '', cut };
    this._emit(this._timestamps ? split(line) : line);
  }

  private _line(): ILine {
    const runs: number[] = [];
    let text = '';
    let style = 0;
    for (let column = 0; column < this._cells.length; column++) {
      if (this._styles[column] !== style) {
        style = this._styles[column];
        runs.push(text.length, style);
      }
      text += this._cells[column];
    }
    const line = { text, runs, time: this._time, cut: this._cut };
    return this._timestamps && !this._time ? split(line) : line;
  }

  /** Keep the platform's time apart before `\r` lets the line be written over. */
  private _takeTime(): void {
    if (!this._timestamps || this._time) {
      return;
    }
    const match = ISO_PREFIX.exec(this._cells.slice(0, 40).join(''));
    if (match) {
      this._time = match[1];
      this._cells.splice(0, match[0].length);
      this._styles.splice(0, match[0].length);
    }
  }

  private _state: State = 'text';
  private _parameters = '';
  private _style = 0;
  private _cells: string[] = [];
  private _styles: number[] = [];
  private _column = 0;
  private _cut = 0;
  private _time = '';
  private _return = false;
}

/** The platform's time apart from the line's own text. */
function split(line: ILine): ILine {
  const match = ISO_PREFIX.exec(line.text.slice(0, 48));
  if (!match) {
    return line;
  }
  const width = match[0].length;
  return {
    ...line,
    time: match[1],
    text: line.text.slice(width),
    runs: line.runs.map((value, at) =>
      at % 2 ? value : Math.max(0, value - width)
    )
  };
}

/** A code unit as a regular expression names it. */
function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
