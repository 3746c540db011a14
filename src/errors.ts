/**
 * A fault of the input that the user can mend. The message is one line: what, where, what was expected, the way out.
 * The command line prints it alone and ends with exit code 2; any other error is a defect and keeps its stack.
 */
export class InputError extends Error {
  override name = 'InputError';
}
