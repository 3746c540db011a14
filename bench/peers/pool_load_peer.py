"""librosa.load in a pool of processes: whole files, and random stretches of them; nothing is written."""
import multiprocessing

from serve import Task, serve


def load(job):
    import librosa

    path, sample_rate, offset, duration = job
    samples, _ = librosa.load(
        path, sr=sample_rate, mono=True, res_type="soxr_hq", offset=offset, duration=duration
    )
    return len(samples)


def load_all(options):
    jobs = [
        (path, options["sampleRate"], offset, options.get("duration"))
        for path, offset in zip(options["paths"], options["offsets"])
    ]
    pool = multiprocessing.get_context("spawn").Pool(options["processes"])
    pool.map(load, jobs[: 4 * options["processes"]], chunksize=1)  # started, imported
    return Task(lambda: pool.map(load, jobs, chunksize=4))


if __name__ == "__main__":
    serve({"loadAll": load_all})
