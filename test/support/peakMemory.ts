/** Loads one file at 1000 Hz in a process of its own: `peakMemory.ts FILE`. Prints samples and the largest memory held, MB. */
import { loadAudio } from '../../src/audio/loadAudio.ts';

const { samples } = await loadAudio(process.argv[2], { sampleRate: 1000, allowSilence: true });
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ samples: samples.length, megabytes }));
