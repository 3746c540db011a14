// Copies between the layouts of tensors and of the kernels.

/** [pixels][sourceChannels] to [pixels][targetChannels], zeros behind; the two may start at the same address. */
export function copyChannels(
  source: usize, sourceChannels: i32, target: usize, targetChannels: i32, pixels: i32,
): void {
  const from = <usize>sourceChannels * 4;
  const to = <usize>targetChannels * 4;
  if (to <= from) {
    for (let i: usize = 0; i < <usize>pixels; i++) memory.copy(target + i * to, source + i * from, to);
  } else {
    for (let i = <isize>pixels - 1; i >= 0; i--) {
      memory.copy(target + <usize>i * to, source + <usize>i * from, from);
      memory.fill(target + <usize>i * to + from, 0, to - from);
    }
  }
}
