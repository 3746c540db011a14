"""Log-mel front ends of Python libraries, timed for bench/frontEnd.ts: one JSON object on stdout.

     python3 frontEnd.py '{"threads": 2, "batch": 8, "repeats": 7, "cases": [{"sampleRate": 12000, ...}]}'
"""

import json
import sys
import time

options = json.loads(sys.argv[1])
missing = []
versions = {}
try:
    import torch
    import torchaudio

    versions["torchaudio"] = torchaudio.__version__
except ImportError as error:
    missing.append(f"torchaudio: {error}")
try:
    import librosa
    import numpy

    versions["librosa"] = librosa.__version__
except ImportError as error:
    missing.append(f"librosa: {error}")


def measure(work, batch, repeats):
    """Milliseconds per clip: wall clock of each repeat, process time of each repeat."""
    work()
    wall, cpu = [], []
    for _ in range(repeats):
        start, start_cpu = time.perf_counter(), time.process_time()
        work()
        wall.append((time.perf_counter() - start) * 1000 / batch)
        cpu.append((time.process_time() - start_cpu) * 1000 / batch)
    return {"wall": wall, "cpu": cpu}


def torchaudio_rows(case, batch, repeats):
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(batch, case["samples"], generator=generator) * 2 - 1
    mel = torchaudio.transforms.MelSpectrogram(
        case["sampleRate"], n_fft=case["nFft"], hop_length=case["hopLength"], n_mels=case["nMels"],
        norm="slaney", mel_scale="slaney",
    )
    decibel = torchaudio.transforms.AmplitudeToDB("power", top_db=80)

    def work():
        with torch.inference_mode():
            decibel(mel(x[:, None]))

    for threads in sorted({1, options["threads"]}):
        torch.set_num_threads(threads)
        yield {"who": "torchaudio", "threads": threads, **measure(work, batch, repeats)}


def librosa_rows(case, batch, repeats):
    clips = numpy.random.default_rng(1).uniform(-1, 1, (batch, case["samples"])).astype(numpy.float32)

    def work():
        for clip in clips:
            power = librosa.feature.melspectrogram(
                y=clip, sr=case["sampleRate"], n_fft=case["nFft"], hop_length=case["hopLength"],
                n_mels=case["nMels"], pad_mode="reflect",
            )
            librosa.power_to_db(power, top_db=80)

    yield {"who": "librosa", "threads": 1, **measure(work, batch, repeats)}


rows = []
for number, case in enumerate(options["cases"]):
    for library, measure_rows in (("torchaudio", torchaudio_rows), ("librosa", librosa_rows)):
        if library in versions:
            for row in measure_rows(case, options["batch"], options["repeats"]):
                rows.append({"case": number, **row})
print(json.dumps({"rows": rows, "missing": missing, "versions": versions}))
