"""The compact convnet of Choi et al. 2017 (arXiv:1703.09179) in PyTorch, with torchaudio's mel spectrogram in front."""
import torch
import torchaudio
from serve import read_rows

POOLS = [(4, 2), (4, 3), (5, 2), (4, 2), (4, 4)]  # along frames and mel bands, as src/models/poolings.ts
FILTERS, TAGS, SAMPLE_RATE, SAMPLES = 32, 50, 12000, 348000


class LogMel(torch.nn.Module):
    """Decibels below each clip's peak, at most 80: `[clips, samples]` to `[clips, frames, mels]`."""

    def __init__(self, sample_rate, n_fft, hop_length, n_mels):
        super().__init__()
        self.mel = torchaudio.transforms.MelSpectrogram(
            sample_rate, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels, f_min=0.0, power=2.0,
            center=True, pad_mode="reflect", norm="slaney", mel_scale="slaney")

    def forward(self, waveforms):
        decibels = self.mel(waveforms).clamp_(min=1e-10).log10_().mul_(10)
        peak = decibels.amax(dim=(1, 2), keepdim=True)
        return decibels.sub_(peak).clamp_(min=-80).transpose(1, 2)


class CompactConvnet(torch.nn.Module):
    def __init__(self, channels_last):
        super().__init__()
        self.channels_last = channels_last
        self.log_mel = LogMel(SAMPLE_RATE, 512, 256, 96)
        self.convs = torch.nn.ModuleList(
            torch.nn.Conv2d(1 if block == 0 else FILTERS, FILTERS, 3, padding=1) for block in range(len(POOLS)))
        self.norms = torch.nn.ModuleList(torch.nn.BatchNorm2d(FILTERS, eps=1e-3, momentum=0.1) for _ in POOLS)
        self.elu = torch.nn.ELU(inplace=True)
        self.pools = torch.nn.ModuleList(torch.nn.MaxPool2d(pool) for pool in POOLS)
        self.dense = torch.nn.Linear(FILTERS, TAGS)
        if channels_last:
            self.to(memory_format=torch.channels_last)

    def image(self, waveforms):
        with torch.no_grad():  # the front end is frozen
            x = self.log_mel(waveforms)
            deviation, mean = torch.std_mean(x, dim=(1, 2), keepdim=True, correction=0)
            x = ((x - mean) / (deviation + 1e-3)).unsqueeze(1)
        return x.contiguous(memory_format=torch.channels_last if self.channels_last else torch.contiguous_format)

    def blocks(self, waveforms):
        x = self.image(waveforms)
        for conv, norm, pool in zip(self.convs, self.norms, self.pools):
            x = pool(self.elu(norm(conv(x))))
            yield x

    def forward(self, waveforms):
        for x in self.blocks(waveforms):
            pass
        return self.dense(x.mean(dim=(2, 3)))

    def features(self, waveforms):
        """Of all layers: `[clips, 160]`."""
        return torch.cat([x.mean(dim=(2, 3)) for x in self.blocks(waveforms)], dim=1)

    def load(self, path):
        """Weights that bench/ours/layerFeatures.ts wrote: kernels HWIO, then vectors, block by block."""
        values = torch.from_numpy(read_rows(path, 1)[:, 0].copy())
        offset = 0

        def take(*shape):
            nonlocal offset
            size = int(torch.prod(torch.tensor(shape)))
            offset += size
            return values[offset - size:offset].reshape(shape)

        with torch.no_grad():
            for conv, norm in zip(self.convs, self.norms):
                conv.weight.copy_(take(3, 3, conv.in_channels, FILTERS).permute(3, 2, 0, 1))
                for target in (conv.bias, norm.weight, norm.bias, norm.running_mean, norm.running_var):
                    target.copy_(take(FILTERS))
            self.dense.weight.copy_(take(FILTERS, TAGS).T)
            self.dense.bias.copy_(take(TAGS))
        assert offset == len(values), "the weights are of another model"

    def trainable(self):
        return sum(p.numel() for p in self.parameters() if p.requires_grad)
