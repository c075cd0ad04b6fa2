import { background, foreground } from '../sgr';
import type { ILine } from '../terminal';
import { LINE_CAP, LineTerminal } from '../terminal';

function lines(text: string | string[], timestamps = false): ILine[] {
  const out: ILine[] = [];
  const terminal = new LineTerminal(line => out.push(line), timestamps);
  [text].flat().forEach(part => terminal.write(part));
  return terminal.open ? [...out, terminal.open] : out;
}

const texts = (text: string | string[]) => lines(text).map(line => line.text);

describe('lines', () => {
  it('splits at line feeds', () => {
    expect(texts('a\n\nb\r\nc')).toEqual(['a', '', 'b', 'c']);
  });

  it('rewrites the line after a carriage return', () => {
    expect(texts('10 %\r20 %\r100 %\n')).toEqual(['100 %']);
    expect(texts('abcdef\rxy')).toEqual(['xycdef']);
    expect(texts('abcdef\r\x1b[Kxy')).toEqual(['xy']);
    expect(texts('abc\b\bX')).toEqual(['aXc']);
  });

  it('gives the same however the text is cut into pieces', () => {
    const text =
      'a\x1b[31mred\x1b[0m\r\nprog 1\rprog 22\x1b[K\n\x1b]0;title\x07😀 end\n';
    const whole = lines(text);
    for (let at = 1; at < text.length; at++) {
      if (/[\udc00-\udfff]/.test(text[at])) {
        continue; // a decoder never cuts a character in two
      }
      expect(lines([text.slice(0, at), text.slice(at)])).toEqual(whole);
    }
  });

  it('cuts a line that is too long and counts what it cut', () => {
    const [line] = lines(`${'x'.repeat(LINE_CAP + 5000)}\n`);
    expect(line.text).toHaveLength(LINE_CAP);
    expect(line.cut).toBe(5000);
    const [coloured] = lines(`\x1b[1m${'x'.repeat(LINE_CAP + 5)}`);
    expect(coloured.text).toHaveLength(LINE_CAP);
    expect(coloured.cut).toBe(5);
  });
});

describe('styles', () => {
  it('maps the named colours', () => {
    const [line] = lines('\x1b[31mred\x1b[92;44mboth\x1b[39mback\x1b[0m');
    expect(line.text).toBe('redbothback');
    const [, first, at, second, then, third] = line.runs;
    expect(foreground(first)).toBe(2);
    expect(at).toBe(3);
    expect(foreground(second)).toBe(11);
    expect(background(second)).toBe(5);
    expect(then).toBe(7);
    expect(foreground(third)).toBe(0);
  });

  it('takes other colours to the nearest named one', () => {
    const hue = (sequence: string) =>
      foreground(lines(`\x1b[${sequence}mx`)[0].runs[1] ?? 0);
    expect(hue('38;5;196')).toBe(10);
    expect(hue('38;2;0;120;0')).toBe(3);
    expect(hue('38;5;4')).toBe(5);
    expect(hue('38;2;250;250;250')).toBe(0);
    expect(hue('38;2;999;0;0')).toBe(0);
    expect(hue('38;5')).toBe(0);
  });
});

describe('what a log must not do', () => {
  it.each([
    ['title', '\x1b]0;pwned\x07'],
    ['link', '\x1b]8;;https://evil.example\x1b\\'],
    ['clipboard', '\x1b]52;c;cHduZWQ=\x1b\\'],
    ['cursor', '\x1b[2J\x1b[1;1H\x1b[10A'],
    ['modes', '\x1b[?1049h\x1b[?25l'],
    ['device', '\x1bP+q544e\x1b\\'],
    ['charset', '\x1b(0\x1b)B'],
    ['bidi', '\u202e\u2066\u200f'],
    ['C1', '\u009b31m\u009d0;x\u009c'],
    ['bells', '\x07\x00\x7f']
  ])('drops %s', (_, sequence) => {
    expect(texts(`a${sequence}b\n`)).toEqual(['ab']);
  });

  it('is not swallowed by a sequence that never ends', () => {
    expect(texts('a\x1b]0;no end\nb\n')).toEqual(['a', 'b']);
    expect(texts('a\x1b[12;\nb\n')).toEqual(['a', 'b']);
    expect(texts(`a\x1b[${'1;'.repeat(10_000)}mb\n`)).toEqual(['ab']);
  });

  it('shows markup as text', () => {
    expect(texts('<img src=x onerror=alert(1)>\n')).toEqual([
      '<img src=x onerror=alert(1)>'
    ]);
  });

  it('survives anything', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const alphabet = [
      '\x1b', '[', ']', 'm', 'K', ';', '3', '8', '\r', '\n', '\b', '\x07',
      'a', 'é', '😀', '\ud800', '\u202e', '\u009b', 'P', '\\', '\t', '\x00'
    ]; // prettier-ignore
    for (let round = 0; round < 300; round++) {
      const out: ILine[] = [];
      const terminal = new LineTerminal(
        line => out.push(line),
        round % 2 === 0
      );
      for (let part = 0; part < 20; part++) {
        let text = '';
        for (let at = random(40); at > 0; at--) {
          text += alphabet[random(alphabet.length)];
        }
        terminal.write(text);
      }
      terminal.write('\n');
      expect(terminal.isOpen).toBe(false);
      for (const line of out) {
        // eslint-disable-next-line no-control-regex
        expect(line.text).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u202e]/);
        const starts = line.runs.filter((_, at) => at % 2 === 0);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        expect(Math.max(0, ...starts)).toBeLessThanOrEqual(line.text.length);
      }
    }
  });
});

describe('times', () => {
  const time = '2026-11-22T18:28:47.123456Z';

  it('stand apart from the text', () => {
    const [plain, styled] = lines(
      `${time} hello\n${time} \x1b[31mred\x1b[0m tail\n`,
      true
    );
    expect(plain).toMatchObject({ time, text: 'hello' });
    expect(styled).toMatchObject({ time, text: 'red tail' });
    expect(styled.runs[0]).toBe(0);
    expect(styled.runs[2]).toBe(3);
  });

  it('stay when the line is rewritten', () => {
    const [line] = lines(`${time} 10 %\r100 %\n`, true);
    expect(line).toMatchObject({ time, text: '100 %' });
  });

  it('are left alone when nobody asked for them', () => {
    expect(texts(`${time} hello\n`)).toEqual([`${time} hello`]);
  });
});
