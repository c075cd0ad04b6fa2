import type { Job, Session } from '../api/wire';
import { equalLine } from './equalline';
import type { IDraft } from './form';
import { DEFAULT_LIFE_SPAN, emptyDraft, toSubmit } from './form';
import { shellScript } from './shell';

/** A form for "Run again…": what the job was started with. Secrets stay where they are: only their names travel. */
export function draftOf(job: Job, session: Session | null): IDraft {
  const script = shellScript(job.command ?? '');
  return {
    ...emptyDraft(session, job.preset ?? '', job.life_span),
    command: script ?? job.command ?? '',
    shell: script !== null,
    image: job.image.replace(/^this-computer:latest$/, 'this-computer'),
    name: job.name ?? '',
    volumes: job.volumes.map(volume => ({
      storage: volume.storage,
      mount: volume.mount,
      readOnly: volume.read_only
    })),
    env: Object.entries(job.env).map(([name, value]) => ({ name, value }))
  };
}

/** The `%neuro run` line that starts such a job again. */
export function lineOf(job: Job, session: Session | null): string {
  return equalLine(toSubmit(draftOf(job, session), ''), {
    preset: session?.presets[0]?.name ?? '',
    lifeSpan: DEFAULT_LIFE_SPAN
  });
}
