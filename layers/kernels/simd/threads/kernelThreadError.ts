/** A worker thread of the kernels is gone, and with it what it was computing. Nothing on these threads works any more. */
export class KernelThreadError extends Error {
  override name = 'KernelThreadError';

  constructor() {
    super(
      'kernels: a worker thread has ended in the middle of its work (killed, or out of memory). ' +
        'Start again, from the last checkpoint if you are training; fewer threads take less memory.',
    );
  }
}
