/** Command IDs: every act of the page has one. */
export const CommandIDs = {
  showPanel: 'neuro:show-panel',
  createJob: 'neuro:create-job',
  openJob: 'neuro:open-job',
  showLogs: 'neuro:show-logs',
  killJob: 'neuro:kill-job',
  rerunJob: 'neuro:rerun-job',
  copyId: 'neuro:copy-id',
  copyUri: 'neuro:copy-uri',
  copyLine: 'neuro:copy-line',
  insertCode: 'neuro:insert-code',
  filterJobs: 'neuro:filter-jobs',
  refreshAll: 'neuro:refresh-all',
  addColleague: 'neuro:add-colleague',
  signIn: 'neuro:sign-in',
  signOut: 'neuro:sign-out',
  useLocal: 'neuro:use-this-computer',
  useCluster: 'neuro:use-cluster',
  switchProject: 'neuro:switch-project',
  copySignIn: 'neuro:copy-sign-in',
  about: 'neuro:about'
} as const;
