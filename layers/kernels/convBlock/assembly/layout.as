// Between the layouts of tensors and of the kernels.

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

/** Zeros around an image of `height` rows of `rowBytes`: `top` rows above and below, `left` bytes beside. */
export function zeroBorders(image: usize, height: i32, rowBytes: usize, top: i32, left: usize): void {
  const outer = rowBytes + 2 * left;
  const first = <usize>top * outer;
  // The end of a row and the start of the next lie side by side.
  memory.fill(image, 0, first + left);
  let gap = image + first + left + rowBytes;
  for (let row = 1; row < height; row++) {
    memory.fill(gap, 0, 2 * left);
    gap += outer;
  }
  memory.fill(gap, 0, left + first);
}

/** The same around an image whose pixels lie at the end of its place, from where they move to the middle. */
export function padImage(image: usize, height: i32, rowBytes: usize, top: i32, left: usize): void {
  const outer = rowBytes + 2 * left;
  let target = image + <usize>top * outer + left;
  let source = image + <usize>(height + 2 * top) * outer - <usize>height * rowBytes;
  // From the first row on: none is written beyond where the next is read.
  for (let row = 0; row < height; row++) {
    memory.copy(target, source, rowBytes);
    target += outer;
    source += rowBytes;
  }
  zeroBorders(image, height, rowBytes, top, left);
}
