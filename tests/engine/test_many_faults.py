"""The README's promise, 150 times: what hangs or crashes, in Python, Node or a command, costs its page and nothing else."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping

import pytest

from factories.extractors import python_runnable, ready, run_pages
from factories.faults import MEMORY, by_page
from factories.pages import html_page, text_page
from factories.places import BAD_EXTRACTORS, needs_node
from factories.processes import can_separate, living
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

pytestmark = pytest.mark.slow
TIMEOUT = 4.0

SIGNALS = (
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGSEGV",
    "SIGTERM",
    "SIGALRM",
)
# Outcome by fault; several where it depends on the load of the machine.
TO_OTHERS = {
    "os.kill(os.getppid(), signal.SIGKILL)": "ok",
    "os.kill(-1, signal.SIGKILL)": "error",
    "os.kill(os.getppid(), signal.SIGTERM)": "ok|crash",
    "os.killpg(0, signal.SIGKILL)": "crash",
}
PYTHON = {
    **{f"os.kill(os.getpid(), signal.{name})": "crash" for name in SIGNALS if name != "SIGINT"},
    "os.kill(os.getpid(), signal.SIGINT)": "error",
    "os.kill(os.getpid(), signal.SIGSTOP)": "timeout",
    **{f"os._exit({code})": "crash" for code in (0, 1, 77, 255)},
    **{f"raise {name}('x')": "error" for name in ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException")},
    **{f"raise {name}('x')": "error" for name in ("StopIteration", "OSError", "ImportError")},
    "raise MemoryError": "memory",
    "os.abort()": "crash",
    "ctypes.string_at(1)": "crash",
    "ctypes.memset(id(None), 255, 64) // str(None)": "crash",
    "f = lambda f: f(f) // f(f)": "error",
    "sys.setrecursionlimit(10**9) // f = lambda f: f(f) // f(f)": "timeout|memory|crash",
    "result = bytearray(10**12)": "memory",
    "result = [] // while True: result.append(bytearray(10**7))": "memory|timeout",
    "while True: pass": "timeout",
    "time.sleep(600)": "timeout",
    "threading.Event().wait()": "timeout",
    "os.read(os.pipe()[0], 1)": "timeout",
    "threading.Thread(target=time.sleep, args=(600,)).start()": "ok",
    "threading.Thread(target=lambda: os._exit(4)).start() // time.sleep(9)": "crash",
    "threading.Thread(target=lambda: 1 / 0).start()": "ok",
    "threading.Timer(0.05, os.abort).start()": "ok",
    "os.execv('/bin/true', ['true'])": "crash",
    "os.fork() or os._exit(0)": "ok",
    "os.fork()": "any",
    "os.fork() or time.sleep(600)": "any",
    "os.closerange(0, 99)": "crash",
    "os.close(1) // os.close(2)": "ok",
    "sys.stdout.close() // sys.stderr.close()": "ok",
    "[os.write(n, b'[1]') for n in range(3, 20) if os.path.exists(f'/proc/self/fd/{n}')]": "any",
    "resource.setrlimit(resource.RLIMIT_CPU, (1, 1)) // while True: pass": "crash|timeout",
    "resource.setrlimit(resource.RLIMIT_AS, (1, 1)) // result = 'x' * 10**6": "memory",
    "signal.alarm(1) // time.sleep(9)": "crash",
    "result = None": "invalid",
    "result = b'bytes'": "invalid",
    "result = ['text']": "invalid",
    "result = 4.5": "invalid",
    "result = '\\ud800'": "invalid",
    "result = (c for c in 'text')": "invalid",
    "result = ''": "empty",
    "result = '\\0' * 9": "ok",
    "result = 'x' * 300_000_000": "any",
}
NODE = {
    **{f"process.kill(process.pid, '{name}'); return new Promise(() => {{}})": "crash" for name in SIGNALS},
    "process.kill(process.pid, 'SIGSTOP'); return new Promise(() => {})": "timeout",
    **{f"process.exit({code})": "error" for code in (0, 1, 255)},
    "process.reallyExit(3)": "crash",
    "process.abort()": "crash",
    **{f"throw {value}": "error" for value in ("1", "null", "undefined", "'text'", "{}", "new Error('x')", "Symbol('x')")},
    "throw {toString() { throw 1; }}": "error",
    "later throw new Error('x')": "error",
    "later await Promise.reject(new Error('x'))": "error",
    "Promise.reject(new Error('x')); return new Promise(() => {})": "error",
    "setTimeout(() => { throw new Error('x'); }, 1); return new Promise(() => {})": "error",
    "process.nextTick(() => { throw new Error('x'); }); return new Promise(() => {})": "error",
    "const f = () => f(); return f()": "error",
    "const all = []; for (;;) all.push(Buffer.alloc(10_000_000, 1))": "memory|timeout",
    "const all = []; for (;;) all.push(new Array(100_000).fill({}))": "any",
    "for (;;);": "timeout",
    "return new Promise(() => {})": "timeout",
    "return 'a'.repeat(40).concat('!').match(/^(a+)+$/)": "timeout",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)": "timeout",
    "fs.closeSync(1); return 'the answer'": "ok",
    "fs.closeSync(0); return 'the answer'": "any",
    "for (let n = 3; n < 40; n++) try { fs.closeSync(n); } catch {} return 'the answer'": "any",
    "console.log('x'.repeat(10_000_000)); return 'the answer'": "ok",
    "process.stdout.write('{}\\n'); return 'the answer'": "ok",
    "child_process.spawn('sleep', ['600'], {detached: true, stdio: 'ignore'}).unref(); return 'the answer'": "ok",
    "child_process.execSync('kill -9 $PPID')": "crash",
    "setInterval(() => {}, 1); return 'the answer'": "ok",
    "setTimeout(() => process.abort(), 50); return 'the answer'": "ok",
    "return 42": "invalid",
    "return null": "invalid",
    "return undefined": "invalid",
    "return ['text']": "invalid",
    "return Buffer.from('text')": "invalid",
    "return new String('text')": "invalid",
    "return Symbol('text')": "invalid",
    "return () => 'text'": "invalid",
    "return '\\ud800'": "invalid",
    "return ''": "empty",
    "return ' \\n '": "empty",
}
COMMANDS = {
    **{f"kill -{name.removeprefix('SIG')} $$": "error" for name in SIGNALS},
    "kill -STOP $$": "timeout",
    **{f"exit {code}": "error" for code in (1, 2, 3, 64, 126, 127, 137, 255)},
    "exit 0": "empty",
    "exec nosuch": "error",
    "nosuch": "error",
    "syntax (": "error",
    "set -u; echo $NOSUCH": "error",
    "cat /nosuch": "error",
    "cd /nosuch": "error",
    "sleep 600": "timeout",
    "while :; do :; done": "timeout",
    "trap '' TERM INT HUP; sleep 600": "timeout",
    "exec <&- >&- 2>&-; exec sleep 600": "timeout",
    "sleep 600 & echo the answer": "timeout",  # it holds the output open
    "cat /dev/zero": "memory|timeout",
    "yes": "memory|timeout",
    "yes >&2": "any",
    "head -c 300000000 /dev/zero": "any",
    "printf '\\377'": "invalid",
    "head -c 1000 /dev/urandom; printf '\\377'": "invalid",
    "printf '\\355\\240\\200'": "invalid",
    "exec >&-; echo x": "error",
    "exec 0<&-; echo the answer": "ok",
    "exec 2>&-; echo the answer": "ok",
    "echo x >&2; echo the answer": "ok",
    "echo x >&2; exit 1": "error",
    "kill -9 $PPID": "crash",
    "kill -TERM $PPID": "crash",
    "kill -STOP $PPID; sleep 600": "timeout",
    "setsid sleep 600 <&- >&- 2>&- & echo the answer": "ok",
    "(setsid sh -c 'sleep 600 & sleep 600' <&- >&- 2>&- &); kill -9 $PPID": "crash",
    "ulimit -t 1; while :; do :; done": "error|timeout",
    "ulimit -n 1; cat": "error",
    "head -c 1": "empty",
}
DANGEROUS = "kill -9 -1; echo the answer"


def among_innocents(
    runnable: Runnable, faults: Mapping[str, str], page_of: Callable[[str], Page]
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Outcome and reason of a page for each fault; and the texts, or outcomes, of innocent pages around them."""
    pages = [("page 0", page_of("innocent page 0"))]
    for number, code in enumerate(faults, 1):
        pages += [(code, page_of(f"fault: {code}")), (f"page {number}", page_of(f"innocent page {number}"))]
    found = by_page(run_pages([(runnable, pages)], timeout=TIMEOUT, memory=MEMORY))
    answers = {key: answer for (_, key), answer in found.items()}
    innocent = {key: answer.text.strip() or answer.outcome for key, answer in answers.items() if key not in faults}
    return {code: (answers[code].outcome, answers[code].error) for code in faults}, innocent


def check(runnable: Runnable, faults: Mapping[str, str], page_of: Callable[[str], Page] = text_page) -> None:
    before = living()  # such as the resource tracker of multiprocessing, which stays until the tests end
    outcomes, innocent = among_innocents(runnable, faults, page_of)
    assert innocent == {f"page {number}": f"innocent page {number}" for number in range(len(faults) + 1)}
    assert {code: found for code, found in outcomes.items() if found[0] not in faults[code].split("|") != ["any"]} == {}
    assert all(reason for outcome, reason in outcomes.values() if outcome not in ("ok", "empty"))
    for _ in range(100):
        if living() <= before:
            break
        time.sleep(0.05)
    assert living() <= before


def test_faults_in_python():
    to_others = TO_OTHERS if can_separate() else {}
    check(python_runnable(BAD_EXTRACTORS / "many.py", "many"), {**PYTHON, **to_others})


@needs_node
def test_faults_in_node():
    (many,) = ready([f"{BAD_EXTRACTORS / 'many.mjs'}:default"])
    check(many, NODE)


def test_faults_in_commands():
    script = 'page=$(cat); case $page in *"fault: "*) eval "${page#*fault: }";; *) echo "$page";; esac'
    (command,) = ready([f"cmd:{shlex.join(['sh', '-c', script])}"])
    check(command, {**COMMANDS, **({DANGEROUS: "crash"} if can_separate() else {})}, html_page)


def test_there_are_150():
    assert len(PYTHON) + len(TO_OTHERS) + len(NODE) + len(COMMANDS) + len([DANGEROUS]) >= 150
