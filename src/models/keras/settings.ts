/** A layer's `config` as the file has it, read one checked setting at a time. */
import { InputError } from '../../errors.ts';

/** No size in a real model comes near; a product of two is still exact. */
const maxInteger = 1 << 26;

/** `null` and what is missing alike give the default; without one, both are refused. */
export class Settings {
  private readonly config: Readonly<Record<string, unknown>>;
  /** What a message starts with: the file and the layer. */
  readonly where: string;
  /** Whether Keras 3 wrote them, where some names mean something else. */
  readonly keras3: boolean;

  constructor(config: Readonly<Record<string, unknown>>, where: string, { keras3 }: { keras3: boolean }) {
    this.config = config;
    this.where = where;
    this.keras3 = keras3;
  }

  get(name: string): unknown {
    return this.config[name];
  }

  integer(name: string, { least = 1, fallback }: { least?: number; fallback?: number } = {}): number {
    return this.requireInteger(name, this.valueOf(name, fallback), least);
  }

  number(name: string, fallback?: number): number {
    const value = this.valueOf(name, fallback);
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.refuse(name, 'a number');
    return value;
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.valueOf(name, fallback);
    if (typeof value !== 'boolean') throw this.refuse(name, 'true or false');
    return value;
  }

  /** One number for both, alone or in a list, or a pair. */
  pair(name: string, { least = 1, fallback }: { least?: number; fallback?: number } = {}): [number, number] {
    const value = this.valueOf(name, fallback);
    const [first, second = first, ...rest] = Array.isArray(value) ? (value as unknown[]) : [value];
    if (rest.length > 0) throw this.refuse(name, 'one or two whole numbers');
    return [this.requireInteger(name, first, least), this.requireInteger(name, second, least)];
  }

  /** A list of whole numbers, `null` in it as `null`. */
  list(name: string): (number | null)[] {
    const value = this.valueOf(name);
    if (!Array.isArray(value) || value.length > 8) throw this.refuse(name, 'a short list of whole numbers');
    return value.map((item: unknown) => (item === null ? null : this.requireInteger(name, item, -1)));
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback?: T): T {
    const value = this.valueOf(name, fallback);
    if (!allowed.includes(value as T)) throw this.refuse(name, `one of ${allowed.join(', ')}`);
    return value as T;
  }

  /** A layer that this one wraps. */
  inner(name: string): { className: string; settings: Settings } {
    const value = this.valueOf(name) as { class_name?: unknown; config?: unknown } | undefined;
    const { class_name: className, config } = value ?? {};
    if (typeof className !== 'string' || !isRecord(config)) throw this.refuse(name, 'a layer');
    return { className, settings: new Settings(config, `${this.where}: its ${name} (${className})`, this) };
  }

  /** The error for a setting that cannot be taken. */
  refuse(name: string, expected: string): InputError {
    const text = (JSON.stringify(this.config[name]) ?? 'nothing').slice(0, 80);
    return new InputError(`${this.where}: ${name} must be ${expected}; the file has ${text}.`);
  }

  private valueOf(name: string, fallback?: unknown): unknown {
    return this.config[name] ?? fallback;
  }

  private requireInteger(name: string, value: unknown, least: number): number {
    if (!(Number.isInteger(value) && (value as number) >= least && (value as number) <= maxInteger)) {
      throw this.refuse(name, `a whole number from ${least} to ${maxInteger}`);
    }
    return value as number;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
