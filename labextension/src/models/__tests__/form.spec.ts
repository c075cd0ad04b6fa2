import { makeJob, makeSession, trans } from '../../__tests__/samples';
import { equalLine, spanWord } from '../equalline';
import type { IDraft } from '../form';
import {
  emptyDraft,
  isForeignImage,
  looksSecret,
  modernUri,
  toSubmit,
  validate
} from '../form';
import { draftOf, lineOf } from '../rerun';
import { quote, shellScript, splitWords } from '../shell';

const session = makeSession();
const draft = (part: Partial<IDraft> = {}): IDraft => ({
  ...emptyDraft(session),
  command: 'python train.py',
  ...part
});
const problems = (part: Partial<IDraft>) =>
  Object.keys(validate(trans, draft(part), session));

describe('validation', () => {
  it('finds nothing in an ordinary form', () => {
    expect(problems({ name: 'train-1' })).toEqual([]);
  });

  it.each(['Train', '1st', 'a--b', 'ab', '-abc', 'abc-', 'x'.repeat(41)])(
    'refuses the name %s',
    name => expect(problems({ name })).toEqual(['name'])
  );

  it('wants a command here, not where an image may bring one', () => {
    expect(problems({ command: ' ' })).toEqual(['command']);
    const cluster = makeSession({
      platform: { ...session.platform!, kind: 'cluster' }
    });
    expect(validate(trans, draft({ command: '' }), cluster)).toEqual({});
  });

  it('checks volumes', () => {
    const volume = (storage: string, mount: string) => ({
      storage,
      mount,
      readOnly: true
    });
    expect(
      problems({
        volumes: [
          volume('storage:data', '/project/data'),
          volume('storage:other', '/project/data/'),
          volume('data', 'data'),
          volume('storage:../x', '/a/../b'),
          volume('', '')
        ]
      })
    ).toEqual([
      'volumes.1.mount',
      'volumes.2.storage',
      'volumes.2.mount',
      'volumes.3.storage',
      'volumes.3.mount'
    ]);
  });

  it('checks names of variables and people', () => {
    expect(
      problems({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
          { name: '1A', value: '' },
          { name: '', value: 'x' },
          { name: '', value: '' }
        ],
        share: [
          { user: 'bob', level: 'read' },
          { user: 'Not a name', level: 'read' },
          { user: '', level: 'read' }
        ]
      })
    ).toEqual(['env.1', 'env.2', 'env.3', 'share.0', 'share.1']);
  });
});

describe('the request', () => {
  it('leaves empty rows out', () => {
    const sent = toSubmit(
      draft({
        volumes: [
          { storage: '', mount: '', readOnly: true },
          { storage: ' storage:d ', mount: '/d', readOnly: false }
        ],
        env: [{ name: '', value: '' }],
        share: [{ user: ' alice ', level: 'read' }]
      }),
      'tag'
    );
    expect(sent.volumes).toEqual([
      { storage: 'storage:d', mount: '/d', read_only: false }
    ]);
    expect(sent.env).toEqual({});
    expect(sent.share).toEqual({ alice: 'read' });
    expect(sent.name).toBeNull();
  });
});

describe('the equal line', () => {
  const line = (part: Partial<IDraft>) =>
    equalLine(toSubmit(draft(part), 'tag'), {
      preset: 'cpu-small',
      lifeSpan: 86_400
    });

  it('says only what is not so by itself', () => {
    expect(line({})).toBe('%neuro run this-computer -- python train.py');
  });

  it('says everything else in the command line’s words', () => {
    expect(
      line({
        command: "echo 'a b' | wc",
        shell: true,
        preset: 'cpu-large',
        name: 'train',
        lifeSpan: 5400,
        volumes: [{ storage: 'storage:d', mount: '/d', readOnly: true }],
        env: [{ name: 'A', value: 'x y' }],
        share: [{ user: 'alice', level: 'read' }]
      })
    ).toBe(
      "%neuro run -s cpu-large -n train -v storage:d:/d:ro -e 'A=x y' --life-span 1h30m " +
        "--share alice:read this-computer -- bash -c 'echo '\\''a b'\\'' | wc'"
    );
    expect(line({ lifeSpan: null })).toContain('--life-span 0s');
    expect(spanWord(90_061)).toBe('1d1h1m1s');
  });
});

describe('words of a shell', () => {
  it('are read back as they were written', () => {
    for (const word of ['a', 'a b', "it's", '"', '\\', '$HOME', '', 'é\n']) {
      expect(splitWords(quote(word))).toEqual([word]);
    }
    expect(splitWords(`a "b \\" c" d\\ e 'f'"'"'g'`)).toEqual([
      'a',
      'b " c',
      'd e',
      "f'g"
    ]);
    expect(splitWords("open 'quote")).toBeNull();
    expect(shellScript(`bash -c 'echo '"'"'x'"'"''`)).toBe("echo 'x'");
    expect(shellScript('python -c x')).toBeNull();
  });
});

describe('run again', () => {
  it('fills the form with what the job was started with', () => {
    const job = makeJob({
      command: `bash -c 'echo $A | wc'`,
      env: { A: '1' },
      volumes: [
        {
          storage: 'storage://default/local/bob/d',
          mount: '/d',
          read_only: false
        }
      ],
      life_span: null
    });
    expect(draftOf(job, session)).toMatchObject({
      command: 'echo $A | wc',
      shell: true,
      name: 'train',
      preset: 'cpu-small',
      lifeSpan: null,
      env: [{ name: 'A', value: '1' }],
      volumes: [{ mount: '/d', readOnly: false }],
      share: [{ user: '', level: 'read' }]
    });
    expect(lineOf(job, session)).toContain("-- bash -c 'echo $A | wc'");
  });

  it('takes the first preset when the old one is gone', () => {
    expect(draftOf(makeJob({ preset: 'gone' }), session).preset).toBe(
      'cpu-small'
    );
  });
});

describe('hints', () => {
  it('notices what looks like a secret', () => {
    expect(looksSecret('WANDB_API_KEY', 'x')).toBe(true);
    expect(looksSecret('A', 'ghp_abcdefghijklmnop')).toBe(true);
    expect(looksSecret('EPOCHS', '40')).toBe(false);
    expect(looksSecret('TOKEN', '')).toBe(false);
  });

  it('notices an image that this computer does not have', () => {
    expect(isForeignImage('ufoym/deepo', session)).toBe(true);
    expect(isForeignImage('this-computer:latest', session)).toBe(false);
    expect(isForeignImage('image:mine:v1', session)).toBe(false);
    expect(isForeignImage('ubuntu', null)).toBe(false);
  });

  it('knows the address form of older documents', () => {
    expect(modernUri('storage://default/bob/x', session)).toBe(
      'storage://default/local/bob/x'
    );
    expect(modernUri('storage://default/local/bob/x', session)).toBeNull();
    expect(modernUri('storage:x', session)).toBeNull();
  });
});
