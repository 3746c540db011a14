import tseslint from 'typescript-eslint';

// Imports point one way: experiments -> src -> layers and datasets, which know nothing of each other.
const forbidden = (...folders) =>
  folders.map((folder) => ({ regex: `(^|/)\\.\\./(.*/)?${folder}/`, message: `must not import ${folder}/` }));
const forbid = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const nodeApi = { regex: '^node:', message: 'layers/ also run in the browser' };

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/dist/**', '**/runs/**'] },
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      // what a rest leaves out: const { source, ...facts } = clip
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  { files: ['src/cli/**', 'bench/**', '.ci/**'], rules: { 'no-console': 'off' } },
  { files: ['layers/**'], rules: forbid(nodeApi, ...forbidden('src', 'datasets', 'experiments')) },
  { files: ['datasets/**'], rules: forbid(...forbidden('src', 'layers', 'experiments')) },
  { files: ['src/**'], ignores: ['src/cli/**'], rules: forbid(...forbidden('experiments')) },
);
