import { LogBuffer } from '../logbuffer';

const encode = (text: string) => new TextEncoder().encode(text);

it('keeps the last lines and counts the others', () => {
  const buffer = new LogBuffer(2000);
  for (let at = 1; at <= 10_000; at++) {
    buffer.write(encode(`line ${at}\n`));
  }
  expect(buffer.length).toBeLessThanOrEqual(3000);
  expect(buffer.dropped + buffer.length).toBe(10_000);
  expect(buffer.line(buffer.length - 1)!.text).toBe('line 10000');
  expect(buffer.line(0)!.text).toBe(`line ${buffer.dropped + 1}`);
});

it('decodes a character that came in two pieces', () => {
  const buffer = new LogBuffer(100);
  const bytes = encode('→\n');
  buffer.write(bytes.slice(0, 1));
  buffer.write(bytes.slice(1));
  expect(buffer.line(0)!.text).toBe('→');
});

it('counts the line that is being written', () => {
  const buffer = new LogBuffer(100);
  buffer.write(encode('a\nb'));
  expect(buffer.length).toBe(2);
  expect(buffer.line(1)!.text).toBe('b');
});

it('finds lines, and the next error around the end', () => {
  const buffer = new LogBuffer(100);
  buffer.write(
    encode(
      'Loss 1\nUserWarning: lr\nTraceback (most recent call last):\n  File "x"\nValueError: no\nloss 2\n'
    )
  );
  expect(buffer.search('loss', false)).toEqual([0, 5]);
  expect(buffer.search('loss', true)).toEqual([5]);
  expect(buffer.search('', false)).toEqual([]);
  expect([0, 1, 2, 3, 4].map(at => buffer.loudness(at))).toEqual([
    0, 1, 2, 0, 2
  ]);
  expect(buffer.errors).toBe(2);
  expect(buffer.nextError(2)).toBe(4);
  expect(buffer.nextError(4)).toBe(2);
  expect(buffer.nextError(2, -1)).toBe(4);
});

it('has no next error in a log without one', () => {
  const buffer = new LogBuffer(100);
  expect(buffer.nextError(0)).toBe(-1);
  buffer.write(encode('fine\n'));
  expect(buffer.nextError(0)).toBe(-1);
});
