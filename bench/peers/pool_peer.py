"""The whole job in Python: librosa and PyTorch in a pool of processes, one thread each; features into one HDF5 file."""
import multiprocessing
import os
from pathlib import Path

from serve import Task, serve

model = None


def start_worker(weights):
    global model
    import librosa
    import torch
    from torch_model import CompactConvnet

    torch.set_num_threads(1)
    model = CompactConvnet(channels_last=True)
    model.load(weights)
    model.eval()
    model.librosa = librosa


def features(path):
    import numpy as np
    import torch
    from torch_model import SAMPLE_RATE, SAMPLES

    if path is None:
        return None
    samples, _ = model.librosa.load(path, sr=SAMPLE_RATE, mono=True, res_type="soxr_hq", duration=SAMPLES / SAMPLE_RATE)
    if len(samples) < SAMPLES:
        samples = np.tile(samples, -(-SAMPLES // len(samples)))
    with torch.inference_mode():
        return model.features(torch.from_numpy(samples[None, :SAMPLES].copy())).numpy()[0]


def whole_job(options):
    import h5py
    import numpy as np

    files = sorted(str(path) for path in Path(options["folder"]).rglob("*.mp3"))
    context = multiprocessing.get_context("spawn")
    pool = context.Pool(options["processes"], start_worker, (options["weights"],))
    pool.map(features, files[:4] + [None] * 4, chunksize=1)  # started, imported, compiled

    def run():
        rows = np.stack(pool.map(features, files, chunksize=4))
        with h5py.File(options["out"], "w") as file:
            for layer in range(5):
                file[f"layer{layer}"] = rows[:, 32 * layer:32 * (layer + 1)]
            file["ids"] = files
        return rows

    return Task(run, facts={"files": len(files)})


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    serve({"wholeJob": whole_job})
