"""Runs a function of ours over a stranger's file in a process of its own, which may die without harm.

Archives, workbooks and Parquet are opened by libraries in C and Rust: a hostile file makes them take all memory, run
for ever or crash. Here that ends the other process, and the load gets one sentence.
"""

import errno
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from logging import getLogger
from pathlib import Path
from typing import IO

from editions.errors import SourceError
from editions.folders import REPOSITORY

log = getLogger(__name__)

PATIENCE = 10  # seconds of the clock for each of the processor: the machine may be busy
SECONDS_TO_DIE = 5  # past the first limit, which says what it is, comes one that does not
REFUSED, NO_MEMORY, TOO_LARGE, NO_SPACE = 64, 65, 66, 67
MEMORY_WORDS = (b"memory allocation of", b"std::bad_alloc")  # how libraries in Rust and C++ die of it
LAST_WORDS = 4096


@dataclass(frozen=True)
class Limits:
    """What the other process may take: bytes of memory, seconds of processor, bytes in one file."""

    memory: int = 2 << 30
    seconds: int = 60
    written: int = 512 << 20


@dataclass(frozen=True)
class Stranger:
    """The file to be opened: what to call it in sentences, and what to do when it cannot be opened."""

    path: Path
    name: str
    advice: str


def run(function: str, *arguments: str | int, on: Stranger, limits: Limits | None = None) -> IO[bytes]:
    """Run «module:function» on the file in another process and return what it wrote, in a file without a name.

    The function takes the open answer, the path and name of the file, then the arguments. Raises SourceError, its own
    or one that says which limit it met.
    """
    limits = limits or Limits()
    request = {"function": function, "arguments": [str(on.path), on.name, *arguments], "limits": asdict(limits)}
    answer = tempfile.TemporaryFile(dir=on.path.parent)  # noqa: SIM115  the caller reads it
    with tempfile.TemporaryFile(dir=on.path.parent) as words:
        try:
            code = _run(json.dumps(request).encode(), answer, words, limits)
            words.seek(-min(words.tell(), LAST_WORDS), os.SEEK_END)
            if code:
                raise _refusal(code, words.read(), on, limits)
        except BaseException:
            answer.close()
            raise
    answer.seek(0)
    return answer


def _run(request: bytes, answer: IO[bytes], words: IO[bytes], limits: Limits) -> int:
    """Return the exit code of the other process, or minus the signal that ended it."""
    try:
        return subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", __name__],
            input=request,
            stdout=answer,
            stderr=words,
            cwd=REPOSITORY,
            env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
            timeout=limits.seconds * PATIENCE,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return -signal.SIGXCPU


def _refusal(code: int, words: bytes, on: Stranger, limits: Limits) -> Exception:
    """Return the error that the end of the other process amounts to."""
    if code == REFUSED:
        return SourceError(words.decode())
    if code == NO_SPACE:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(on.path.parent))
    log.debug("%s: %s", on.name, words.decode(errors="replace"))
    if code == NO_MEMORY or any(phrase in words for phrase in MEMORY_WORDS):
        cause = f"al abrirlo pide más de {limits.memory >> 20} MB de memoria, más que un archivo sano"
    elif code == -signal.SIGXCPU:
        cause = f"abrirlo toma más de {limits.seconds} segundos, más que un archivo sano"
    elif code == TOO_LARGE:
        cause = f"al abrirlo crece a más de {limits.written >> 20} MB, más que un archivo sano"
    else:
        cause = f"está dañado o hecho para dañar: el programa que lo abre se detuvo ({_end(code)})"
    return SourceError(f"{on.name}: {cause}; no se abre; {on.advice}.")


def _end(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"código {code}"


def main() -> int:
    """Take the request on standard input, put the limits on and run it; return an exit code for `_refusal`."""
    request = json.load(sys.stdin)
    limits = Limits(**request["limits"])
    os.umask(0o077)
    for kind, most, over in (
        (resource.RLIMIT_CORE, 0, 0),  # a dump would hold the file
        (resource.RLIMIT_AS, limits.memory, 0),
        (resource.RLIMIT_CPU, limits.seconds, SECONDS_TO_DIE),
        (resource.RLIMIT_FSIZE, limits.written, 0),
    ):
        _, hard = resource.getrlimit(kind)
        ceiling = most + over if hard == resource.RLIM_INFINITY else min(most + over, hard)
        resource.setrlimit(kind, (min(most, ceiling), ceiling))
    module, _, function = request["function"].partition(":")
    try:
        getattr(importlib.import_module(module), function)(sys.stdout.buffer, *request["arguments"])
        sys.stdout.flush()
    except SourceError as error:
        sys.stderr.write(str(error))
        return REFUSED
    except MemoryError:
        return NO_MEMORY
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.ENOSPC, errno.EDQUOT):
            raise
        return TOO_LARGE if error.errno == errno.EFBIG else NO_SPACE
    return 0


if __name__ == "__main__":
    sys.exit(main())
