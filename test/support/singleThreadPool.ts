/** AudioPool without threads, which take longer to start than these tests' files to decode. */
import { loadAudio, type LoadAudioOptions, type Waveform } from '../../src/audio/loadAudio.ts';

export class AudioPool {
  readonly threads = 1;

  load(path: string, options: LoadAudioOptions): Promise<Waveform> {
    return loadAudio(path, options);
  }

  async close(): Promise<void> {}
}
