/** Relaxed SIMD, WebAssembly's fused multiply-add: switched on where the JavaScript engine has it behind a flag. */
import v8 from 'node:v8';

// (module (func (param v128 v128 v128) (result v128)
//   local.get 0 local.get 1 local.get 2 f32x4.relaxed_madd)), valid only where relaxed SIMD is on.
const RELAXED_MODULE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11],
);

/**
 * Returns whether WebAssembly modules compiled from now on may use relaxed SIMD.
 *
 * Node 20 (V8 11.3) has it behind a flag, Node 22 and later on by default. The flag is set only where the
 * instructions are not there yet, since V8 writes a line to stderr for a flag that it does not know.
 */
export function enableRelaxedSimd(): boolean {
  const flagged = Number(process.versions.node.split('.')[0]) < 22;
  if (flagged && !WebAssembly.validate(RELAXED_MODULE)) {
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  return WebAssembly.validate(RELAXED_MODULE);
}
