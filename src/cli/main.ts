#!/usr/bin/env node
/** The program `sonotag`. */
import { runCommandLine } from './runCommandLine.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error; // whoever read has gone, as `head` does
});
process.exitCode = await runCommandLine(process.argv.slice(2));
