/** The shape that every engine's file exports, so that the choice in engine.ts treats the four alike. */

export type EngineName = 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';

/** An engine that loads on this machine. */
export interface AvailableEngine {
  available: true;
  /** For example 'AMD EPYC, 2 cores, SIMD' or the GPU's name. */
  device: string;
  /** For example 'tfjs-backend-wasm 4.22.0'. */
  version: string;
  /** One line on what it is, and anything that the user ought to know. */
  reason: string;
  /** True where a processor poses as a GPU: right numbers, no speed; only taken by name. */
  software?: boolean;
  /** Registers the TF.js backend of this name in this process; the caller sets it. */
  prepare(): Promise<void>;
}

/** An engine that does not load on this machine. */
export interface MissingEngine {
  available: false;
  /** What is wrong, to be read after the engine's name: 'is not installed'. */
  reason: string;
  /** What the user can do about it: 'run npm install ...'. */
  remedy: string;
}

export type Probe = AvailableEngine | MissingEngine;

export interface EngineDriver {
  name: EngineName;
  /**
   * Looks whether the engine loads, a native library first in a child process. Never throws, never prints, and
   * ends within a minute whatever the library does.
   */
  probe(): Promise<Probe>;
}
