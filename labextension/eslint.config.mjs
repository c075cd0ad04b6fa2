import js from '@eslint/js';
import jupyterPlugin from '@jupyter/eslint-plugin';
import prettierRecommended from 'eslint-plugin-prettier/recommended';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// every rule of the Jupyter plug-in is an error here, also those its recommended set leaves as warnings or out
const jupyterRules = Object.fromEntries(
  Object.keys(jupyterPlugin.rules)
    .filter(name => !name.startsWith('galata-') && name !== 'no-schema-enum')
    .map(name => [`jupyter/${name}`, 'error'])
);

export default defineConfig([
  { ignores: ['**/lib/**', '**/*.js', '**/*.d.ts', '**/src/api/types.ts'] },
  js.configs.recommended,
  tseslint.configs.recommended,
  { plugins: { jupyter: jupyterPlugin } },
  jupyterPlugin.configs.recommended,
  {
    files: ['**/schema/*.json'],
    rules: { 'jupyter/no-schema-enum': 'error' }
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      globals: { ...globals.browser, ...globals.jest },
      parserOptions: {
        project: 'tsconfig.test.json',
        tsconfigRootDir: import.meta.dirname,
        sourceType: 'module'
      }
    },
    rules: {
      ...jupyterRules,
      'jupyter/prefer-lazy-imports': [
        'error',
        {
          // what the first picture needs: the models, the tab of the sidebar, the status bar's word
          ignoreImports: [
            '../models/neuro',
            '../models/words',
            '../panels/sidebar',
            '../panels/status'
          ]
        }
      ],
      // a class and the types of its options share one name, as in the Lab's own code
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true }
        }
      ],
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'prefer-arrow-callback': 'error'
    }
  },
  {
    files: ['**/__tests__/**'],
    rules: {
      // what a test shows is read by nobody, and what it makes lives as long as the test
      'jupyter/no-untranslated-string': 'off',
      'jupyter/require-disposable-ownership': 'off',
      'jupyter/require-disposable-transfer': 'off',
      'jupyter/prefer-lazy-imports': 'off'
    }
  },
  prettierRecommended
]);
