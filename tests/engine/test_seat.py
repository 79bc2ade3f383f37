"""A seat keeps one worker for one extractor: when it starts, when it is replaced, and that nothing of it is left."""

import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from factories.extractors import python_runnable, run_pages
from factories.pages import text_page
from factories.processes import still_alive
from harness.engine import seat as seat_module
from harness.engine.answer import Answer
from harness.engine.base import Answered, Loaded
from harness.engine.seat import CannotLoad, Seat

SOURCE = """
import json, os, pathlib, subprocess, sys, time

FOLDER = pathlib.Path(__file__).parent
(FOLDER / "workers" / f"{os.getpid()}.{time.monotonic_ns()}").touch()

def extract(page):
    word = page.text.split()[0]
    if word == "crash":
        os._exit(3)
    if word == "spoil":
        json.loads = None
    if word == "sleep":
        (FOLDER / "asleep").touch()
        time.sleep(600)
    if word == "leave":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (FOLDER / "workers" / str(child.pid)).touch()
    return str(hash(page.text)) if word == "hash" else page.text
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "workers").mkdir()
    return tmp_path


def runnable(folder: Path, source: str = SOURCE):
    (folder / "notes.py").write_text(source)
    return python_runnable(folder / "notes.py", "extract")


def workers(folder: Path) -> int:
    """How many processes have noted themselves."""
    return len(list((folder / "workers").iterdir()))


def wait_for(path: Path) -> None:
    for _ in range(3000):
        if path.exists():
            return
        time.sleep(0.02)
    pytest.fail(f"{path.name} was never written")


def test_nothing_is_started_before_it_is_needed(folder):
    with Seat(runnable(folder)) as seat:
        assert (workers(folder), seat.loaded) == (0, None)
        assert seat.load().runtime.startswith("Python ")
        assert seat.ask(text_page("a page")).text == "a page"
        assert workers(folder) == 1


def test_a_worker_is_kept_from_page_to_page(folder):
    with Seat(runnable(folder)) as seat:
        answers = [seat.ask(text_page(text)) for text in ("one", "two", "three")]
    assert [(answer.text, answer.first) for answer in answers] == [("one", True), ("two", False), ("three", False)]
    assert workers(folder) == 1


def test_a_crash_costs_one_page(folder):
    with Seat(runnable(folder)) as seat:
        answers = [seat.ask(text_page(text)) for text in ("one", "crash", "two", "three")]
    assert [answer.outcome for answer in answers] == ["ok", "crash", "ok", "ok"]
    assert answers[1].error == "ended with exit code 3"
    assert [answer.first for answer in answers] == [True, False, True, False]
    assert workers(folder) == 3  # the page has crashed by itself, too


def test_a_crash_of_a_page_that_does_no_harm_alone_is_told(folder):
    """It may be the harm that an earlier page has done, or chance: whoever reads the answer is to know."""
    late = SOURCE.replace(
        "return str(hash",
        """if word == "later":
        import threading
        threading.Timer(0.1, os.abort).start()
    if word == "slow":
        time.sleep(0.5)
    return str(hash""",
    )
    with Seat(runnable(folder, late)) as seat:
        answers = [seat.ask(text_page(text)) for text in ("one", "later", "slow", "crash", "two", "later")]
        wait_for_end(seat)
        answers.append(seat.ask(text_page("three")))
    assert [answer.outcome for answer in answers] == ["ok", "ok", "ok", "crash", "ok", "ok", "ok"]
    told = [answer.retried for answer in answers]
    assert [bool(text) for text in told] == [False, False, True, False, False, False, True]
    assert "SIGABRT" in told[2] and "SIGABRT" in told[6] and "after its answer" in told[6]


HARMS = {  # what a page leaves behind that would harm the next one
    "a copy of the process that answers, too": "os.fork()",
    "an alarm": "signal.signal(signal.SIGALRM, lambda *_: 1 / 0); signal.setitimer(signal.ITIMER_REAL, 0.3)",
    "a profiling timer": "signal.setitimer(signal.ITIMER_PROF, 0.05)",
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_what_a_page_leaves_running_harms_no_other(folder, harm):
    code = f"import os, signal, time\ndef extract(page):\n  if 'harm' in page.text:\n    {harm}\n"
    code += (
        "  end = time.monotonic() + 0.5\n  while 'slow' in page.text and time.monotonic() < end: pass\n  return page.text\n"
    )
    with Seat(runnable(folder, code), timeout=20) as seat:
        answers = [seat.ask(text_page(text)) for text in ("harm", "slow one", "two", "harm", "slow three")]
    assert [answer.text for answer in answers[1:3] + answers[4:]] == ["slow one", "two", "slow three"]
    assert not any(answer.retried for answer in answers), "nothing has happened"


def wait_for_end(seat):
    while not seat._worker._has_more():
        time.sleep(0.01)


def test_a_page_that_leaves_the_worker_unable_to_go_on_costs_no_other_page(folder):
    with Seat(runnable(folder)) as seat:
        answers = [seat.ask(text_page(text)) for text in ("one", "spoil", "two")]
    assert [(answer.outcome, answer.text) for answer in answers] == [("ok", "one"), ("ok", "spoil"), ("ok", "two")]
    assert workers(folder) == 2


def test_a_page_that_is_late_is_a_timeout_and_costs_no_other_page(folder):
    with Seat(runnable(folder), timeout=1) as seat:
        late, after = seat.ask(text_page("sleep")), seat.ask(text_page("after"))
    assert (late.outcome, late.error) == ("timeout", "the page took longer than 1 s")
    assert after.text == "after"


def test_a_page_can_have_a_deadline_of_its_own(folder):
    with Seat(runnable(folder), timeout=600) as seat:
        assert seat.ask(text_page("sleep"), 1).error == "the page took longer than 1 s"


def test_an_extractor_that_cannot_be_loaded_says_so_for_every_page_and_is_not_tried_again(folder):
    broken = runnable(folder, SOURCE + "\nraise RuntimeError('no dictionary')\n")
    with Seat(broken) as seat:
        for _ in range(3):
            with pytest.raises(CannotLoad, match=r"extract cannot be loaded: .*no dictionary") as raised:
                seat.ask(text_page("a page"))
            assert raised.value.answer.outcome == "error"
        assert seat.version is None
    assert workers(folder) == 1


def test_the_engine_answers_every_page_of_an_extractor_that_cannot_be_loaded(folder):
    broken = runnable(folder, SOURCE + "\nraise RuntimeError('no dictionary')\n")
    events = list(run_pages([(broken, [(key, text_page("a page")) for key in "abc"])]))
    assert [(event.key, event.answer.outcome) for event in events] == [("a", "error"), ("b", "error"), ("c", "error")]
    assert all("no dictionary" in event.answer.error for event in events)


def test_the_engine_tells_once_that_an_extractor_was_loaded_however_often_its_worker_is_replaced(folder, monkeypatch):
    monkeypatch.setattr(seat_module, "RECYCLE", 2)
    texts = ["one", "crash", "two", "three", "four", "five"]
    events = list(run_pages([(runnable(folder), list(enumerate(map(text_page, texts))))]))
    assert isinstance(events[0], Loaded)
    assert Counter(map(type, events)) == {Loaded: 1, Answered: 6}
    assert workers(folder) == 4


def test_leaving_a_seat_ends_its_worker_and_the_processes_that_it_started(folder):
    with Seat(runnable(folder)) as seat:
        assert seat.ask(text_page("leave a child")).outcome == "ok"
        assert workers(folder) == 2
    assert still_alive(folder / "workers") == []


def test_an_interrupt_ends_the_worker(folder):
    with pytest.raises(KeyboardInterrupt), Seat(runnable(folder)) as seat:
        seat.ask(text_page("leave a child"))
        raise KeyboardInterrupt
    assert still_alive(folder / "workers") == []


def test_a_closed_seat_starts_anew_when_it_is_asked_again(folder):
    with Seat(runnable(folder)) as seat:
        seat.ask(text_page("one"))
        seat.close()
        assert seat.ask(text_page("two")).first
    assert workers(folder) == 2


def test_whoever_waits_for_a_worker_that_another_thread_kills_learns_of_a_crash(folder):
    with Seat(runnable(folder), timeout=600) as seat:
        answers: list[Answer] = []
        waiting = threading.Thread(target=lambda: answers.append(seat.ask(text_page("sleep"))))
        waiting.start()
        wait_for(folder / "asleep")
        seat.kill()
        waiting.join()
        assert [(answer.outcome, answer.error) for answer in answers] == [("crash", "killed by SIGKILL")]
        assert seat.ask(text_page("after")).text == "after"


def test_a_seat_beside_has_a_worker_of_its_own_with_the_hashes_asked_for(folder):
    page = text_page("hash of this")
    with Seat(runnable(folder)) as seat, seat.beside() as same, seat.beside(hash_seed=1) as other:
        assert seat.ask(page).text == same.ask(page).text != other.ask(page).text
    assert workers(folder) == 3


def test_the_reason_why_an_extractor_cannot_be_loaded_travels_between_processes():
    error = CannotLoad("mine", Answer("error", error="no dictionary"))
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.answer) == ("mine cannot be loaded: no dictionary", error.answer)


RUNS_THE_ENGINE = """
import sys
from pathlib import Path
from factories.extractors import python_runnable, run_pages
from factories.pages import text_page

pages = [(key, text_page("leave a child" if key < 2 else "sleep")) for key in range(8)]
list(run_pages([(python_runnable(Path(sys.argv[1]), "extract"), pages)], timeout=600))
"""


def test_an_interrupted_engine_leaves_no_process_behind(folder):
    source = runnable(folder).source
    tests = Path(__file__).parents[1]
    running = subprocess.Popen(
        [sys.executable, "-c", RUNS_THE_ENGINE, source],
        cwd=tests,
        stderr=subprocess.PIPE,
        # Where the tests run in the background of a shell, the signal is ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(folder / "asleep")
    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=60)
    assert b"KeyboardInterrupt" in stderr
    assert workers(folder) == 3
    assert still_alive(folder / "workers") == []
