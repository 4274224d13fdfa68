"""Runs the author's tests against the stand-in of the learner's module and tells what became of each."""

from __future__ import annotations

import io
import os
import sys

from json_text import to_json
from proxies import Refused, TestPeer
from stand_ins import RemoteModule, attach
from wire import Closed, Nonsense

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

RESULTS = 3
MAX_TEXT = 4000
FILE = "<tests>"


def say(record: dict[str, Any]) -> None:
    """Write one record, whole."""
    data = to_json(record).encode() + b"\n"
    while data:
        data = data[os.write(RESULTS, data) :]


class Run:
    """One run of the tests that have no result yet, or of the first of them."""

    def __init__(self, peer: TestPeer, request: dict[str, Any]) -> None:
        self.peer = peer
        self.source = request["tests"]
        self.done = set(request["done"])
        self.most = request["most"]
        self.name = ""
        self.failed = False

    def everything(self) -> None:
        """Load the tests, name them, run them."""
        try:
            module = self.load()
        except BaseException as error:
            return say({**self.failure(error), "asked": self.peer.asked})
        tests = list(found_tests(module))
        say({"tests": [name for name, _ in tests]})
        for name, test in [test for test in tests if test[0] not in self.done][: self.most]:
            self.one(name, test)
        return None

    def load(self) -> Any:
        """Run the author's file as a module."""
        module = type(sys)("tests")
        sys.modules["tests"] = module
        module.__file__ = FILE
        exec(compile(self.source, FILE, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - the author's
        return module

    def one(self, name: str, test: Callable[[Run], None]) -> None:
        """One test: a record when it begins, one when it ends."""
        say({"begin": name})
        self.name, self.failed = name, False
        try:
            test(self)
        except BaseException as error:
            self.fail(error)
        if self.peer.gone:
            say({"ended": name, "what": self.peer.gone})
            flush()
            os._exit(0)
        if not self.failed:
            say({"passed": name})
        flush()

    def fail(self, error: BaseException) -> None:
        """Record why the test fails, once; a skipped test is no test."""
        unittest = sys.modules.get("unittest")
        if unittest is not None and isinstance(error, unittest.SkipTest):
            say({"skipped": self.name})
        elif not self.failed and not self.peer.gone:
            say({"failed": self.name, **self.failure(error)})
        self.failed = True

    def failure(self, error: BaseException) -> dict[str, Any]:
        """What kind of failure it is and what can be shown of it."""
        learners = getattr(error, "learners_trace", None) if not isinstance(error, Refused) else None
        return {
            "kind": type(error).__name__,
            "assertion": isinstance(error, (AssertionError, Refused)) and learners is None,
            "learners": learners if isinstance(learners, str) else None,
            "text": in_words(error),
            "where": self.where(error),
        }

    def where(self, error: BaseException) -> str:
        """The author's line that failed."""
        lines = self.source.splitlines()
        trace, number = error.__traceback__, 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == FILE:
                number = trace.tb_lineno
            trace = trace.tb_next
        return lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""


def in_words(error: BaseException) -> str:
    """An exception as the last line of a traceback shows it; the module traceback costs 4 ms."""
    said = str(error)
    return (f"{type(error).__name__}: {said}" if said else type(error).__name__)[:MAX_TEXT]


def flush() -> None:
    """Send out what was printed."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()


def found_tests(module: Any) -> Iterator[tuple[str, Callable[[Run], None]]]:
    """The tests of a module by name, in its order: unittest's classes, plain Test classes, test functions."""
    unittest = sys.modules.get("unittest")
    for name, thing in list(vars(module).items()):
        own = getattr(thing, "__module__", None) == module.__name__
        if isinstance(thing, type) and own:
            if unittest is not None and issubclass(thing, unittest.TestCase):
                yield from from_unittest(unittest, thing)
            elif name.startswith("Test"):
                yield from from_class(thing)
        elif name.startswith("test") and own and callable(thing):
            yield name, lambda run, test=thing: test()  # type: ignore[misc]


def from_class(kind: type) -> Iterator[tuple[str, Callable[[Run], None]]]:
    """The test methods of a plain class; each gets an object of its own."""
    for name in dir(kind):
        if name.startswith("test"):
            yield f"{kind.__name__}.{name}", lambda run, name=name: getattr(kind(), name)()  # type: ignore[misc]


def from_unittest(unittest: Any, kind: Any) -> Iterator[tuple[str, Callable[[Run], None]]]:
    """The tests of a TestCase, run by unittest itself with the fixtures of their class."""
    for name in unittest.defaultTestLoader.getTestCaseNames(kind):
        yield f"{kind.__name__}.{name}", lambda run, name=name: by_unittest(unittest, kind(name), run)  # type: ignore[misc]


def by_unittest(unittest: Any, case: Any, run: Run) -> None:
    """One test of a TestCase."""
    errors: list[BaseException] = []

    class Result(unittest.TestResult):  # type: ignore[misc]
        def addError(self, test: Any, err: Any) -> None:
            errors.append(err[1])

        addFailure = addError

        def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
            if err is not None:
                errors.append(err[1])

        def addSkip(self, test: Any, reason: str) -> None:
            errors.append(unittest.SkipTest(reason))

        def addUnexpectedSuccess(self, test: Any) -> None:
            errors.append(AssertionError("passed, but was expected to fail"))

    unittest.TestSuite([case]).run(Result())
    if errors:
        raise errors[0]


def names_in(code: Any) -> set[str]:
    """The global names that a piece of code and what is in it mention."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            found |= names_in(constant)
    return found


def stand_in(peer: TestPeer, module: str, source: str) -> bool:
    """Load the learner's module over there and put its stand-in among ours; False, with a record, when it fails."""
    try:
        reply = peer.ask("load", None)
        public = peer.answer(reply, False)
    except (Closed, Nonsense) as error:
        say({"broken": str(error), "gone": True})
        return False
    except BaseException as error:
        text = in_words(error)
        record = {"kind": type(error).__name__, "learners": getattr(error, "learners_trace", text)}
        say({"broken": text, **record})
        return False
    here = attach(RemoteModule(module), peer, 0)
    mentioned = names_in(compile(source, FILE, "exec", dont_inherit=True))
    here.__dict__["__all__"] = [name for name in public if isinstance(name, str) and name in mentioned]
    sys.modules[module] = here
    return True


def run_tests(socket: Any, request: dict[str, Any]) -> None:
    """Be the process of the tests."""
    sys.stdin = io.StringIO()
    peer = TestPeer(socket, request)
    if stand_in(peer, request["module"], request["tests"]):
        Run(peer, request).everything()
