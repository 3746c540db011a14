"""PyTorch and torchaudio: log-mel, a training step, features of all layers."""
import time

import torch
from serve import Task, read_rows, serve
from torch_model import SAMPLES, TAGS, CompactConvnet, LogMel


def threads(options):
    return lambda: torch.set_num_threads(options["threads"])


def log_mel(options):
    device = options.get("device", "cpu")
    rows = read_rows(options["waveforms"], options["samples"], options["batch"])
    waveforms = torch.from_numpy(rows.copy()).to(device)
    layer = LogMel(options["sampleRate"], options["nFft"], options["hopLength"], options["nMels"]).to(device)

    def run():
        with torch.inference_mode():
            decibels = layer(waveforms)
        if device != "cpu":
            torch.cuda.synchronize()
        return decibels

    return Task(run, lambda: run().cpu().numpy(), before=threads(options))


def training_step(options):
    model = CompactConvnet(options["channelsLast"])
    model.load(options["weights"])
    model.train()
    waveforms = torch.from_numpy(read_rows(options["waveforms"], SAMPLES, options["batch"]).copy())
    targets = torch.from_numpy(read_rows(options["targets"], TAGS, options["batch"]).copy())
    loss_of = torch.nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)
    torch.set_num_threads(options["threads"])

    def run():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(waveforms), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return Task(run, facts={"trainable": model.trainable(), "firstLoss": run()}, before=threads(options))


def layer_features(options):
    """With the batch size that is fastest here."""
    model = CompactConvnet(channels_last=True)
    model.load(options["weights"])
    model.eval()
    waveforms = torch.from_numpy(read_rows(options["waveforms"], SAMPLES, options["clips"]).copy())
    torch.set_num_threads(options["threads"])

    def extract(batch):
        with torch.inference_mode():
            return torch.cat([model.features(part) for part in waveforms.split(batch)]).numpy()

    def seconds(batch):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            extract(batch)
            times.append(time.perf_counter() - start)
        return min(times)

    best = min(options["batches"], key=seconds)
    return Task(lambda: extract(best), facts={"trainable": model.trainable(), "batch": best}, before=threads(options))


def devices(_options):
    """Whether there is a CUDA card, and which."""
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return Task(lambda: None, facts={"cuda": name})


serve({"logMel": log_mel, "trainingStep": training_step, "layerFeatures": layer_features, "devices": devices})
