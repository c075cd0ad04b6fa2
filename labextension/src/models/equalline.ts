import type { JobSubmit } from '../api/wire';
import { quote } from './shell';

/** Seconds as the command line writes them: 86400 → `1d`, 5400 → `1h30m`. */
export function spanWord(seconds: number): string {
  if (seconds === 0) {
    return '0s';
  }
  const units: [string, number][] = [
    ['d', 86400],
    ['h', 3600],
    ['m', 60],
    ['s', 1]
  ];
  let rest = seconds;
  let word = '';
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    word += count ? `${count}${unit}` : '';
  }
  return word;
}

/**
 * The `%neuro run` line that starts the same job as a form, option by option as the command line has them.
 *
 * @param defaults - What needs no word because it is what one gets without it.
 */
export function equalLine(
  job: JobSubmit,
  defaults: { preset: string; lifeSpan: number | null }
): string {
  const words = ['%neuro run'];
  if (job.preset && job.preset !== defaults.preset) {
    words.push(`-s ${quote(job.preset)}`);
  }
  if (job.name) {
    words.push(`-n ${quote(job.name)}`);
  }
  for (const volume of job.volumes) {
    const mode = volume.read_only ? 'ro' : 'rw';
    words.push(`-v ${quote(`${volume.storage}:${volume.mount}:${mode}`)}`);
  }
  for (const [name, value] of Object.entries(job.env)) {
    words.push(`-e ${quote(`${name}=${value}`)}`);
  }
  if (job.life_span !== defaults.lifeSpan) {
    // the command line reads a zero as "no end"
    words.push(`--life-span ${spanWord(job.life_span ?? 0)}`);
  }
  for (const [user, level] of Object.entries(job.share)) {
    words.push(`--share ${quote(`${user}:${level}`)}`);
  }
  words.push(quote(job.image));
  if (job.command) {
    words.push(
      job.shell ? `-- bash -c ${quote(job.command)}` : `-- ${job.command}`
    );
  }
  return words.join(' ');
}
