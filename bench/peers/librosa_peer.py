"""librosa: log-mel, and files to waveforms."""
import librosa
import numpy as np
from serve import Task, read_rows, serve


def log_mel(options):
    clips = read_rows(options["waveforms"], options["samples"], options["batch"])

    def one(clip):
        power = librosa.feature.melspectrogram(
            y=clip, sr=options["sampleRate"], n_fft=options["nFft"], hop_length=options["hopLength"],
            n_mels=options["nMels"], pad_mode="reflect")
        return librosa.power_to_db(power, ref=np.max, top_db=80).T

    return Task(lambda: np.stack([one(clip) for clip in clips]))


def load(options):
    def run():
        return librosa.load(options["path"], sr=options["sampleRate"], mono=True, res_type="soxr_hq")[0]

    return Task(run)


serve({"logMel": log_mel, "load": load})
