import { accountPlugin } from './plugins/account';
import { jobsPlugin } from './plugins/jobs';
import { jobViewPlugin } from './plugins/jobview';
import { modelPlugin } from './plugins/model';
import { newJobPlugin } from './plugins/newjob';
import { noticesPlugin } from './plugins/notices';
import { runningPlugin } from './plugins/running';
import { sidebarPlugin } from './plugins/sidebar';
import { statusPlugin } from './plugins/status';

export { INeuro } from './tokens';

/** Each can be switched off alone; all but the model only show or act. */
export default [
  modelPlugin,
  accountPlugin,
  jobsPlugin,
  jobViewPlugin,
  newJobPlugin,
  sidebarPlugin,
  statusPlugin,
  noticesPlugin,
  runningPlugin
];
