"""Keras with Kapre's layers on TensorFlow: log-mel, a training step."""
import os
import sys

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3")
import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from kapre import STFT, ApplyFilterbank, Magnitude, MagnitudeToDecibel  # noqa: E402
from serve import Task, read_rows, serve  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(int(sys.argv[1]))
tf.config.threading.set_inter_op_parallelism_threads(int(sys.argv[1]))

POOLS = [(4, 2), (4, 3), (5, 2), (4, 2), (4, 4)]  # along frames and mel bands, as src/models/poolings.ts
FILTERS, TAGS, SAMPLES = 32, 50, 348000


def log_mel_layers(sample_rate, n_fft, hop_length, n_mels):
    """Kapre's layers, given what librosa does and they do not: centred frames, power, the clip's peak at 0 dB."""
    pad = n_fft // 2
    return [
        keras.layers.Lambda(lambda x: tf.pad(x, [[0, 0], [pad, pad], [0, 0]], mode="REFLECT")),
        STFT(n_fft=n_fft, hop_length=hop_length, input_data_format="channels_last", output_data_format="channels_last"),
        Magnitude(),
        keras.layers.Lambda(tf.square),
        ApplyFilterbank("mel", {
            "sample_rate": sample_rate, "n_freq": n_fft // 2 + 1, "n_mels": n_mels, "f_min": 0.0,
            "f_max": sample_rate / 2, "htk": False, "norm": "slaney"}, data_format="channels_last"),
        MagnitudeToDecibel(amin=1e-10, dynamic_range=80.0),
        keras.layers.Lambda(lambda x: x - tf.reduce_max(x, axis=[1, 2, 3], keepdims=True)),
    ]


def log_mel(options):
    rows = read_rows(options["waveforms"], options["samples"], options["batch"])
    waveforms = tf.constant(rows[..., None])
    layers = log_mel_layers(options["sampleRate"], options["nFft"], options["hopLength"], options["nMels"])
    model = keras.Sequential([keras.Input((options["samples"], 1)), *layers])
    compute = tf.function(lambda x: model(x, training=False), autograph=False)
    return Task(lambda: compute(waveforms).numpy())


def normalize(x):
    mean, variance = tf.nn.moments(x, axes=[1, 2, 3], keepdims=True)
    return (x - mean) / (tf.sqrt(variance) + 1e-3)


def compact_convnet():
    x = inputs = keras.Input((SAMPLES, 1))
    for layer in [*log_mel_layers(12000, 512, 256, 96), keras.layers.Lambda(normalize)]:
        x = layer(x)
    for pool in POOLS:
        x = keras.layers.Conv2D(FILTERS, 3, padding="same")(x)
        x = keras.layers.BatchNormalization(epsilon=1e-3, momentum=0.9)(x)
        x = keras.layers.Activation("elu")(x)
        x = keras.layers.MaxPooling2D(pool)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(TAGS)(x))


def training_step(options):
    model = compact_convnet()
    load(model, options["weights"])
    waveforms = tf.constant(read_rows(options["waveforms"], SAMPLES, options["batch"])[..., None])
    targets = tf.constant(read_rows(options["targets"], TAGS, options["batch"]))
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.BinaryCrossentropy(from_logits=True),
        jit_compile=False)
    trainable = sum(int(tf.size(variable)) for variable in model.trainable_variables)
    first = float(model.train_on_batch(waveforms, targets))
    return Task(
        lambda: model.train_on_batch(waveforms, targets), facts={"trainable": trainable, "firstLoss": first})


def load(model, path):
    """Weights that bench/ours/layerFeatures.ts wrote, in Keras's own order and layout."""
    values, offset = read_rows(path, 1)[:, 0], 0
    kinds = (keras.layers.Conv2D, keras.layers.BatchNormalization, keras.layers.Dense)
    for layer in (layer for layer in model.layers if isinstance(layer, kinds)):
        weights = []
        for weight in layer.get_weights():
            weights.append(values[offset:offset + weight.size].reshape(weight.shape))
            offset += weight.size
        layer.set_weights(weights)
    assert offset == len(values), "the weights are of another model"


serve({"logMel": log_mel, "trainingStep": training_step})
