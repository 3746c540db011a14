import tseslint from 'typescript-eslint';

// Imports point one way: experiments -> src -> layers and datasets, which know nothing of each other.
const forbid = (...folders) => ({
  'no-restricted-imports': [
    'error',
    { patterns: folders.map((folder) => ({ regex: `(^|/)\\.\\./(.*/)?${folder}/`, message: `must not import ${folder}/` })) },
  ],
});

export default tseslint.config(
  { ignores: ['**/node_modules/**', '**/dist/**', '**/runs/**'] },
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  { files: ['src/cli/**', 'bench/**', '.ci/**'], rules: { 'no-console': 'off' } },
  { files: ['layers/**'], rules: forbid('src', 'datasets', 'experiments') },
  { files: ['datasets/**'], rules: forbid('src', 'layers', 'experiments') },
  { files: ['src/**'], ignores: ['src/cli/**'], rules: forbid('experiments') },
);
