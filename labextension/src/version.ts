import metadata from '../../package.json';

/** Version of this page; its only source is package.json. */
export const VERSION: string = metadata.version;

/** Whether a page and a server of these versions understand each other: same major and minor number. */
export function fits(server: string, page = VERSION): boolean {
  const short = (version: string) => version.split('.').slice(0, 2).join('.');
  return short(server) === short(page);
}
