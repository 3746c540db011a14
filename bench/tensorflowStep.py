"""A training step of the compact convnet in Keras with Kapre's front end, for bench/tensorflowStep.ts.

    tensorflowStep.py BATCH SAMPLES TAGS

Prints the versions. Then for each number n on stdin takes n steps and prints [[wall, processor], ...], milliseconds
per clip. Threads: TF_NUM_INTRAOP_THREADS.
"""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import kapre
import keras
import numpy as np
import tensorflow as tf
from kapre.composed import get_melspectrogram_layer

batch, samples, tags = map(int, sys.argv[1:4])
model = keras.Sequential([keras.Input((samples, 1))])
model.add(
    get_melspectrogram_layer(
        input_shape=(samples, 1),
        n_fft=512,
        hop_length=256,
        sample_rate=12000,
        n_mels=96,
        pad_end=True,
        return_decibel=True,
    )
)
model.add(keras.layers.BatchNormalization(axis=2))  # per band, as published
for pool in [(4, 2), (4, 3), (5, 2), (4, 2), (4, 4)]:
    model.add(keras.layers.Conv2D(32, 3, padding="same"))
    model.add(keras.layers.BatchNormalization())
    model.add(keras.layers.Activation("elu"))
    model.add(keras.layers.MaxPooling2D(pool))
model.add(keras.layers.GlobalAveragePooling2D())
model.add(keras.layers.Dense(tags, activation="sigmoid"))
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy")

random = np.random.default_rng(1)
x = (0.1 * random.uniform(-1, 1, (batch, samples, 1))).astype("float32")
y = (random.uniform(size=(batch, tags)) > 0.9).astype("float32")
for _ in range(3):
    model.train_on_batch(x, y)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, Kapre {kapre.__version__}", flush=True)

for line in sys.stdin:
    steps = []
    for _ in range(int(line)):
        wall, processor = time.perf_counter(), time.process_time()
        model.train_on_batch(x, y)
        ends = time.perf_counter(), time.process_time()
        steps.append([1000 * (ends[0] - wall) / batch, 1000 * (ends[1] - processor) / batch])
    print(json.dumps(steps), flush=True)
