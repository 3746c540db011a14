/** `sonotag link-tensorflow`: native TensorFlow for this machine, from one that it already has. */
import { Command } from 'commander';

interface LinkTensorflowOptions {
  json?: true;
}

export function linkTensorflowCommand(): Command {
  return new Command('link-tensorflow')
    .description(
      'link a TensorFlow 2 that this machine has, so that --engine tensorflow computes on it: builds the binding of ' +
        'tfjs-node, which it fetches through npm, with the C++ compiler (CXX, or c++, g++ or clang++ on PATH). It is ' +
        'kept in the folder .tensorflow, which npm ci leaves alone; delete that to unlink',
    )
    .argument(
      '[path]',
      'a Python that has the package tensorflow or tensorflow-cpu, a virtualenv, the folder of the wheel, or an ' +
        'unpacked libtensorflow (default: the python3 on PATH)',
    )
    .option('--json', 'print what was linked as JSON on stdout')
    .action(async (path: string | undefined, options: LinkTensorflowOptions) => {
      const { linkTensorflow } = await import('../../engine/linkTensorflow/linkTensorflow.ts');
      const onStep = process.stderr.isTTY
        ? (step: string) => process.stderr.write(`${step} ...\n`)
        : undefined;
      const link = await linkTensorflow({ path, onStep });
      const { version, device, source } = link;
      const line = `linked TensorFlow ${version} (${device}) of ${source}; try: npm start -- --engine tensorflow`;
      process.stdout.write(`${options.json ? JSON.stringify(link) : line}\n`);
    });
}
