"""The other side of bench/contestant.ts: one JSON message a line on stdin and stdout."""
import json
import os
import sys
import time


class Task:
    """What a peer has prepared: `run` makes one call, `output` gives a float32 array."""

    def __init__(self, run, output=None, facts=None, before=None):
        self.run = run
        self.output = output if output is not None else run
        self.facts = facts or {}
        self.before = before or (lambda: None)  # not measured, such as the number of threads


def children_and_own_cpu():
    own, children = os.times(), os.times()
    return own.user + own.system + children.children_user + children.children_system


def serve(tasks):
    """Answers until stdin ends. `tasks` maps names to functions of the options that give a Task."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints goes to stderr
    sys.stdout = sys.stderr
    prepared = []

    def answer(request):
        call = request["call"]
        if call == "prepare":
            task = tasks[request["task"]](request["options"])
            prepared.append(task)
            return {"handle": len(prepared) - 1, "facts": task.facts}
        task = prepared[request["handle"]]
        if call == "release":
            prepared[request["handle"]] = None
            return None
        task.before()
        if call == "output":
            import numpy as np

            np.ascontiguousarray(task.output(), dtype="<f4").tofile(request["path"])
            return None
        start, cpu = time.perf_counter(), children_and_own_cpu()
        for _ in range(request["times"]):
            task.run()
        seconds, cpu_seconds = time.perf_counter() - start, children_and_own_cpu() - cpu
        return {"seconds": seconds / request["times"], "cpuSeconds": cpu_seconds / request["times"]}

    for line in sys.stdin:
        try:
            message = {"result": answer(json.loads(line))}
        except Exception as error:  # told to who asked, who goes on without
            message = {"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}
        answers.write(json.dumps(message) + "\n")
        answers.flush()


def read_rows(path, length, count=None):
    """Raw float32, `[rows, length]`."""
    import numpy as np

    rows = np.fromfile(path, dtype="<f4").reshape(-1, length)
    return rows if count is None else rows[:count]
