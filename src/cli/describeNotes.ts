/** What an import found and decided, a line each. */
export function describeNotes(path: string, notes: string[]): string {
  return notes.map((note) => `${path}: ${note}\n`).join('');
}
