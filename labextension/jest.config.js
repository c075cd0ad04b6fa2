const jestJupyterLab = require('@jupyterlab/testing/lib/jest-config');

const base = jestJupyterLab(__dirname);
// packages that ship ES modules only, so Jest has to transform them
const esModules = [
  '@codemirror',
  '@jupyter',
  '@jupyterlab',
  '@marijn',
  '@microsoft',
  '@rjsf',
  'color',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

module.exports = {
  ...base,
  rootDir: __dirname,
  reporters: ['default'],
  testRegex: 'src/.*/.*.spec.tsx?$',
  transform: {
    ...base.transform,
    '^.+\\.tsx?$': ['ts-jest', { tsconfig: `${__dirname}/tsconfig.test.json` }],
    '^.+\\.jsx?$': [
      'babel-jest',
      { configFile: `${__dirname}/babel.config.js` }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`]
};
