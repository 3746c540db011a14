/**
 * A text from elsewhere, such as a file's name, in one line and without what would steer a terminal: control
 * characters become their escapes.
 *
 * @example printable('a\nb') // 'a\\u000ab'
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
