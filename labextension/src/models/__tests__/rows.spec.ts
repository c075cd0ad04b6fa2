import { makeJob, trans } from '../../__tests__/samples';
import type { IPreferences } from '../../tokens';
import { endSentence, isTold } from '../notices';
import {
  buildRows,
  cutName,
  heightOf,
  rightText,
  secondParts,
  spokenRow
} from '../rows';
import { duration } from '../times';
import { RowWindow } from '../window';
import { stateText } from '../words';

const NOW = Date.parse('2026-11-22T10:12:30Z');
const words = { now: NOW, language: 'en', stale: false };

describe('rows', () => {
  it('say what matters most about an active job', () => {
    const running = makeJob();
    expect(secondParts(trans, running, NOW)).toEqual([
      'cpu-small',
      'job-7f2c',
      'ends in 23 h'
    ]);
    expect(rightText(trans, running, words)).toBe('12 min');
    expect(rightText(trans, running, { ...words, stale: true })).toBe(
      'was 12 min'
    );
    const pending = makeJob({
      status: 'pending',
      started_at: null,
      created_at: '2026-11-22T10:11:50Z',
      message: 'no free GPU',
      mine: false,
      owner: 'alice'
    });
    expect(secondParts(trans, pending, NOW)).toEqual([
      'alice',
      'cpu-small',
      'job-7f2c',
      'no free GPU'
    ]);
    expect(rightText(trans, pending, words)).toBe('queued 40 s');
    expect(stateText(trans, pending, NOW)).toBe('Pending 40 s: no free GPU');
    expect(stateText(trans, running, NOW)).toBe('Running 12 min 20 s');
  });

  it('say how a finished job ended', () => {
    const ended = (part: object) =>
      rightText(
        trans,
        makeJob({ finished_at: '2026-11-20T10:08:10Z', ...part } as never),
        words
      );
    expect(ended({ status: 'failed', exit_code: 1 })).toBe('exit 1 · Nov 20');
    expect(ended({ status: 'failed', reason: 'OOMKilled' })).toBe(
      'out of memory · Nov 20'
    );
    expect(ended({ status: 'cancelled' })).toBe('killed · Nov 20');
    expect(ended({ status: 'lost' })).toBe('lost · Nov 20');
    const today = makeJob({
      status: 'succeeded',
      finished_at: '2026-11-22T10:08:10Z'
    });
    expect(rightText(trans, today, words)).toMatch(/^8 min · \d\d:08$/);
  });

  it('are one sentence for a screen reader', () => {
    expect(spokenRow(trans, makeJob(), words)).toBe(
      'train, Running, 12 min, cpu-small, job 7 f 2 c, ends in 23 h'
    );
  });

  it('stand in groups', () => {
    const jobs = [
      makeJob({ id: 'a' }),
      makeJob({
        id: 'b',
        status: 'failed',
        finished_at: '2026-11-22T09:00:00Z'
      }),
      makeJob({
        id: 'c',
        status: 'failed',
        finished_at: '2026-11-20T09:00:00Z'
      })
    ];
    const rows = buildRows(trans, jobs, { now: NOW, hasMore: true });
    expect(rows.map(({ key }) => key)).toEqual([
      'a',
      'heading-today',
      'b',
      'heading-earlier',
      'c',
      'more'
    ]);
    expect(rows.map(heightOf)).toEqual([38, 24, 24, 24, 24, 32]);
  });

  it('keep the end of a name that tells it apart', () => {
    expect(cutName('sweep-learning-rate-0.01', 16)).toBe('sweep-lear…-0.01');
    expect(cutName('short', 16)).toBe('short');
    expect(cutName('jupyter-awesome-project', 10)).toBe(
      'jupyter-awesome-project'
    );
  });
});

describe('the window', () => {
  const heights = Array.from({ length: 10_000 }, (_, at) => (at % 3 ? 24 : 38));
  const window = new RowWindow(heights);

  it('holds what is in sight and little more, wherever one scrolls', () => {
    for (let top = 0; top < window.height; top += 9973) {
      const [first, last] = window.range(top, 600);
      expect(last - first).toBeLessThan(60);
      expect(window.top(first)).toBeLessThanOrEqual(top);
      expect(window.top(last)).toBeGreaterThanOrEqual(
        Math.min(top + 600, window.height)
      );
    }
  });

  it('scrolls only when a row is out of sight', () => {
    expect(window.reveal(5, 0, 600)).toBe(0);
    expect(window.reveal(0, 500, 600)).toBe(0);
    const far = window.reveal(5000, 0, 600);
    expect(far + 600).toBe(window.top(5001));
    expect(new RowWindow([]).range(0, 600)).toEqual([0, 0]);
  });
});

describe('words', () => {
  it('give durations in their largest units', () => {
    const at = (seconds: number) => duration(trans, seconds);
    expect([at(40), at(720), at(11_040), at(183_600)]).toEqual([
      '40 s',
      '12 min',
      '3 h 04 min',
      '2 d 3 h'
    ]);
  });

  it('tell an end in one sentence', () => {
    const sentence = (part: object) =>
      endSentence(
        trans,
        makeJob({ finished_at: '2026-11-22T10:38:10Z', ...part } as never),
        'en'
      );
    expect(sentence({ status: 'succeeded' })).toBe(
      'train (job-7f2c) succeeded after 38 min.'
    );
    expect(sentence({ status: 'failed', exit_code: 1 })).toBe(
      'train failed: exit 1, 38 min.'
    );
    expect(
      sentence({ status: 'failed', reason: 'OOMKilled', memory: 32e9 })
    ).toBe('train ran out of memory (32 GB).');
  });

  it('tell what was asked to be told', () => {
    const told = (when: IPreferences['notifyOn'], part: object) =>
      isTold(makeJob(part as never), when);
    const short = { status: 'succeeded', finished_at: '2026-11-22T10:00:40Z' };
    const long = { status: 'succeeded', finished_at: '2026-11-22T10:38:10Z' };
    expect(told('failed-or-long', short)).toBe(false);
    expect(told('failed-or-long', long)).toBe(true);
    expect(told('failed-or-long', { ...long, status: 'cancelled' })).toBe(
      false
    );
    expect(told('failed', long)).toBe(false);
    expect(told('failed', { status: 'lost' })).toBe(true);
    expect(told('all', short)).toBe(true);
    expect(told('never', { status: 'failed' })).toBe(false);
  });
});
