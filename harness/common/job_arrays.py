"""Which part of a job this process is, as the schedulers of clusters tell it in environment variables."""

from __future__ import annotations

import os

_SLURM = "SLURM_ARRAY_TASK_"
_KUBERNETES = "JOB_COMPLETION_INDEX"
_COMPLETIONS = "JOB_COMPLETIONS"


def own_part() -> str:
    """`I/N`: this process is the I-th of N tasks of a Slurm array, or of an indexed job of Kubernetes.

    Kubernetes tells a pod its index and not the number of all, so the job's manifest has to set JOB_COMPLETIONS. Raises
    ValueError where neither is known, and for a part of an array, whose tasks cannot know the size of the whole.
    """
    if _SLURM + "ID" in os.environ:
        number, first, last = (_number(_SLURM + name) for name in ("ID", "MIN", "MAX"))
        count = _number(_SLURM + "COUNT")
        step = (last - first) // (count - 1) if count > 1 else 1
        if last - first != step * (count - 1) or step < 1 or (number - first) % step or not first <= number <= last:
            raise ValueError("auto needs a whole job array, such as --array=1-40: name the shard as I/N for a part of one")
        return f"{(number - first) // step + 1}/{count}"
    if _KUBERNETES in os.environ:
        if _COMPLETIONS not in os.environ:
            raise ValueError(f"auto needs {_COMPLETIONS}: set it to the `completions` of the job in its manifest")
        number, count = _number(_KUBERNETES), _number(_COMPLETIONS)
        if not number < count:
            raise ValueError(f"{_KUBERNETES} is {number}, and {_COMPLETIONS} only {count}")
        return f"{number + 1}/{count}"
    raise ValueError(f"auto works in tasks of a Slurm array ({_SLURM}ID) and in indexed jobs of Kubernetes ({_KUBERNETES})")


def _number(variable: str) -> int:
    if variable not in os.environ:
        raise ValueError(f"auto needs the environment variable {variable}, which is not set")
    value = os.environ[variable]
    if not (value.isascii() and value.isdecimal() and len(value) <= 9):
        raise ValueError(f"auto needs the environment variable {variable}, which is {value!r}, not a number")
    return int(value)
