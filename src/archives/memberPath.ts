/** Names of archive members, from whoever made the archive: only plain paths below the archive's root pass. */

/** Longest name of a file or folder that file systems take, bytes, and a bound for whole paths. */
const mostNameBytes = 255;
const mostPathBytes = 4096;

/** Why a member is refused; the message is the reason alone, as it stands behind the member's name. */
export class MemberFault extends Error {
  override name = 'MemberFault';
}

/**
 * The path of a member below the archive's root, with forward slashes and without `.` steps; '' for the root itself.
 * The same on every system: what would leave the folder on one of them is refused on all.
 *
 * @throws MemberFault if the name is absolute, climbs by `..`, has a drive letter, a backslash, a control character
 *   or no characters, or is too long.
 * @example memberPath('./genres/blues/') // 'genres/blues'
 */
export function memberPath(name: string): string {
  if (name === '') throw new MemberFault('it has no name');
  if (name.startsWith('/')) throw new MemberFault('its path is absolute');
  if (/^[a-z]:/i.test(name)) throw new MemberFault('its path has a drive letter');
  if (name.includes('\\')) throw new MemberFault('its path has a backslash');
  if (/[\x00-\x1f\x7f]/.test(name)) throw new MemberFault('its path has a control character');
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.includes('..')) throw new MemberFault('its path climbs out of its folder by ".."');
  const isTooLong = steps.some((step) => Buffer.byteLength(step) > mostNameBytes);
  if (isTooLong || Buffer.byteLength(name) > mostPathBytes) throw new MemberFault('its path is too long');
  return steps.join('/');
}

/**
 * Paths with the same key are one file where letter case, Unicode composition or dots and blanks at the end of a name
 * do not count, as on macOS and Windows.
 */
export function collisionKey(path: string): string {
  return path
    .normalize('NFC')
    .toLowerCase()
    .split('/')
    .map((step) => step.replace(/[. ]+$/, ''))
    .join('/');
}
