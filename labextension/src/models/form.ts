import type { TranslationBundle } from '@jupyterlab/translation';

import type { JobSubmit, Level, Session } from '../api/wire';

/** A form as the user typed it: nothing trimmed, nothing checked. */
export interface IDraft {
  command: string;
  shell: boolean;
  image: string;
  preset: string;
  name: string;
  volumes: { storage: string; mount: string; readOnly: boolean }[];
  env: { name: string; value: string }[];
  /** Seconds; null = no end. */
  lifeSpan: number | null;
  share: { user: string; level: Level }[];
}

/** Messages by field, named as the request names its fields (`volumes.0.storage`, `env.1`, `share.0`). */
export type Problems = Record<string, string>;

export const DEFAULT_LIFE_SPAN = 86_400;
export const LIFE_SPANS = [
  3600,
  6 * 3600,
  12 * 3600,
  86_400,
  3 * 86_400,
  7 * 86_400,
  null
];

export function emptyDraft(
  session: Session | null,
  preset = '',
  lifeSpan: number | null = DEFAULT_LIFE_SPAN,
  level: Level = 'read'
): IDraft {
  const presets = session?.presets ?? [];
  const known = presets.some(({ name }) => name === preset);
  return {
    command: '',
    shell: false,
    image: session?.images[0] ?? 'this-computer',
    preset: known ? preset : (presets[0]?.name ?? ''),
    name: '',
    volumes: [],
    env: [],
    lifeSpan,
    share: [{ user: '', level }]
  };
}

/** The request of a draft. Rows that were left empty are not in it. */
export function toSubmit(draft: IDraft, tag: string): JobSubmit {
  return {
    submit_tag: tag,
    image: draft.image.trim(),
    preset: draft.preset,
    command: draft.command.trim(),
    shell: draft.shell,
    name: draft.name.trim() || null,
    description: null,
    tags: [],
    volumes: draft.volumes
      .filter(({ storage, mount }) => storage.trim() || mount.trim())
      .map(({ storage, mount, readOnly }) => ({
        storage: storage.trim(),
        mount: mount.trim(),
        read_only: readOnly
      })),
    env: Object.fromEntries(
      draft.env
        .filter(({ name }) => name.trim())
        .map(({ name, value }) => [name.trim(), value])
    ),
    working_dir: null,
    life_span: draft.lifeSpan,
    share: Object.fromEntries(
      draft.share
        .filter(({ user }) => user.trim())
        .map(({ user, level }) => [user.trim(), level])
    )
  };
}

/** What is wrong with a draft, as far as the page can tell; the platform has the last word. */
export function validate(
  trans: TranslationBundle,
  draft: IDraft,
  session: Session | null
): Problems {
  const problems: Problems = {};
  // an image of a cluster may bring a command of its own
  if (!draft.command.trim() && session?.platform?.kind !== 'cluster') {
    problems.command = trans.__('Write the command that the job shall run.');
  }
  if (!draft.image.trim()) {
    problems.image = trans.__('Choose an image.');
  } else if (/\s/.test(draft.image.trim())) {
    problems.image = trans.__('An image name has no spaces.');
  }
  const name = draft.name.trim();
  if (name && !/^[a-z](?:-?[a-z0-9])*$/.test(name)) {
    problems.name = trans.__(
      'Small letters, digits and single dashes; begins with a letter.'
    );
  } else if (name && (name.length < 3 || name.length > 40)) {
    problems.name = trans.__('3 to 40 characters.');
  }
  checkVolumes(trans, draft, problems);
  checkEnvironment(trans, draft, problems);
  draft.share.forEach(({ user }, at) => {
    const who = user.trim();
    if (who && !/^[a-z0-9](?:-?[a-z0-9])*$/.test(who)) {
      problems[`share.${at}`] = trans.__('This is no user name.');
    } else if (who && who === session?.user) {
      problems[`share.${at}`] = trans.__('This is you.');
    }
  });
  return problems;
}

function checkVolumes(
  trans: TranslationBundle,
  draft: IDraft,
  problems: Problems
): void {
  const mounts = new Set<string>();
  draft.volumes.forEach((volume, at) => {
    const storage = volume.storage.trim();
    const mount = volume.mount.trim();
    if (!storage && !mount) {
      return;
    }
    if (!/^storage:/.test(storage)) {
      problems[`volumes.${at}.storage`] = trans.__(
        'Begin with storage:, for example storage:data.'
      );
    } else if (storage.split(/[:/]/).includes('..')) {
      problems[`volumes.${at}.storage`] = trans.__('".." is not allowed here.');
    }
    const clean = mount.replace(/\/+$/, '') || mount;
    if (!mount.startsWith('/')) {
      problems[`volumes.${at}.mount`] = trans.__(
        'An absolute path in the job, for example /project/data.'
      );
    } else if (mount.split('/').includes('..')) {
      problems[`volumes.${at}.mount`] = trans.__('".." is not allowed here.');
    } else if (mounts.has(clean)) {
      problems[`volumes.${at}.mount`] = trans.__('%1 is mounted twice.', clean);
    }
    mounts.add(clean);
  });
}

function checkEnvironment(
  trans: TranslationBundle,
  draft: IDraft,
  problems: Problems
): void {
  const names = new Set<string>();
  draft.env.forEach(({ name, value }, at) => {
    const word = name.trim();
    if (!word && value) {
      problems[`env.${at}`] = trans.__('Give this value a name.');
    } else if (word && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(word)) {
      problems[`env.${at}`] = trans.__(
        'Letters, digits and _; not a digit first.'
      );
    } else if (names.has(word) && word) {
      problems[`env.${at}`] = trans.__('%1 is set twice.', word);
    }
    names.add(word);
  });
}

const SECRET_NAME =
  /(?:TOKEN|SECRET|PASSW|API_?KEY|ACCESS_?KEY|PRIVATE|CREDENTIAL)/i;
const SECRET_VALUE =
  /^(?:AKIA|ASIA|ghp_|gho_|github_pat_|glpat-|sk-|xox[abp]-|hf_|eyJ)[\w.-]{10,}|-----BEGIN |^[A-Za-z0-9+/_-]{40,}={0,2}$/;

/** Whether a variable looks like a key that everybody who may read the job would see. */
export function looksSecret(name: string, value: string): boolean {
  return value !== '' && (SECRET_NAME.test(name) || SECRET_VALUE.test(value));
}

/** Whether a platform that has only its own system would run an image's name on that instead. */
export function isForeignImage(
  image: string,
  session: Session | null
): boolean {
  const name = image.trim().replace(/:latest$/, '');
  return (
    session?.platform?.kind === 'local' &&
    name !== '' &&
    !name.startsWith('image:') &&
    !session.images.some(known => known.replace(/:latest$/, '') === name)
  );
}

/** `storage://cluster/user/path` of older documentation, which resolves to nothing today; its new form, or null. */
export function modernUri(uri: string, session: Session | null): string | null {
  const platform = session?.platform;
  const match = /^storage:\/\/([^/]+)\/([^/]+)(\/.*)?$/.exec(uri.trim());
  if (!platform?.org || !match || match[2] === platform.org) {
    return null;
  }
  const known = session?.projects.some(({ name }) => name === match[2]);
  return known
    ? `storage://${match[1]}/${platform.org}/${match[2]}${match[3] ?? ''}`
    : null;
}
