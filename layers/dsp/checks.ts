/** Option checks shared by the layers: each names the option, what it needs, what it got. */

/** @throws RangeError if `value` is not a finite number > 0. */
export function requirePositive(what: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new RangeError(`${what} must be a number > 0; got ${value}.`);
  }
}

/** @throws RangeError if `value` is not an integer >= `minimum`; `unit` is said in the message. */
export function requireInteger(what: string, value: number, minimum: number, unit = ''): void {
  if (!(Number.isInteger(value) && value >= minimum)) {
    throw new RangeError(`${what} must be an integer >= ${minimum}${unit && ` ${unit}`}; got ${value}.`);
  }
}

/** @throws RangeError if `value` is not one of `allowed`. */
export function requireOneOf(what: string, value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) {
    throw new RangeError(`${what} must be one of ${allowed.map(String).join(', ')}; got ${String(value)}.`);
  }
}
