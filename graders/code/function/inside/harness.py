"""Calls a function of the learner's module again and again and writes what each call returned to descriptor 3.

Runs in the box, in the same process as the learner's code, which may do here what it likes: this program knows no
expected value, so all that can be gained is to claim a returned value, which the function can as well return.
"""

from __future__ import annotations

import os
import sys
import time
from binascii import a2b_base64, b2a_base64

from json_text import from_json, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs time in every box
    from collections.abc import Callable
    from typing import Any

RESULTS = 3
SOURCE = "/box/solution.py"
MAX_TEXT = 4000


def say(record: dict[str, Any]) -> None:
    """Write one record, whole."""
    data = to_json(record).encode() + b"\n"
    while data:
        data = data[os.write(RESULTS, data) :]


def decoded(value: Any) -> Any:
    """A Python value from its JSON form: see docs/kinds.md."""
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        tag, inside = next(iter(value.items()))
        if tag in TAGS:
            return TAGS[tag](inside)
    return {key: decoded(item) for key, item in value.items()}


TAGS: dict[str, Callable[[Any], Any]] = {
    "$int": int,
    "$float": float,
    "$complex": lambda parts: complex(*map(float, parts)),
    "$bytes": a2b_base64,
    "$tuple": lambda items: tuple(map(decoded, items)),
    "$set": lambda items: set(map(decoded, items)),
    "$frozenset": lambda items: frozenset(map(decoded, items)),
    "$dict": lambda pairs: {decoded(key): decoded(item) for key, item in pairs},
}


def encoded(value: Any) -> Any:
    """The JSON form of a value; what has none is named by its type."""
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind in ENCODERS:
        return ENCODERS[kind](value)
    return {"$object": [kind.__name__, text(value)]}


def text(value: Any) -> str:
    """How a value shows itself, bounded."""
    try:
        return repr(value)[:200]
    except BaseException as error:
        return "(its repr raises " + type(error).__name__ + ")"


def encoded_float(value: float) -> Any:
    """Finite floats are JSON; the others have a name."""
    return value if value - value == 0 else {"$float": repr(value)}


def encoded_dict(value: dict[Any, Any]) -> Any:
    """Plain JSON where keys are plain strings, else pairs."""
    if all(type(key) is str and not key.startswith("$") for key in value):
        return {key: encoded(item) for key, item in value.items()}
    return {"$dict": [[encoded(key), encoded(item)] for key, item in value.items()]}


ENCODERS: dict[type, Callable[[Any], Any]] = {
    int: lambda value: value if -(2**53) < value < 2**53 else {"$int": hex(value)},
    float: encoded_float,
    complex: lambda value: {"$complex": [repr(value.real), repr(value.imag)]},
    bytes: lambda value: {"$bytes": b2a_base64(value, newline=False).decode()},
    list: lambda value: [encoded(item) for item in value],
    tuple: lambda value: {"$tuple": [encoded(item) for item in value]},
    set: lambda value: {"$set": [encoded(item) for item in value]},
    frozenset: lambda value: {"$frozenset": [encoded(item) for item in value]},
    dict: encoded_dict,
}


def raised(error: BaseException) -> dict[str, Any]:
    """What is told of an exception: its class and their bases by name, its words, the learner's own frames."""
    import traceback  # here: it costs 4 ms, and most calls raise nothing

    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != SOURCE:
        trace = trace.tb_next
    lines = traceback.format_exception(type(error), error, trace)
    return {
        "raised": [base.__name__ for base in type(error).__mro__[:20]],
        "trace": "".join(lines)[-MAX_TEXT:],
    }


def load() -> Any:
    """The learner's module, run as an import would."""
    with open(SOURCE, "rb") as file:
        code = compile(file.read(), SOURCE, "exec", dont_inherit=True)
    module = type(sys)("solution")
    module.__file__ = SOURCE
    sys.modules["solution"] = module
    exec(code, module.__dict__)  # noqa: S102 - the whole purpose of the box
    return module


def called(function: Callable[..., Any], case: dict[str, Any]) -> dict[str, Any]:
    """The record of one call."""
    began = time.process_time()
    try:
        record = {"returned": encoded(function(*decoded(case["args"]), **decoded(case["kwargs"])))}
    except BaseException as error:
        record = raised(error)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return {**record, "cpu": time.process_time() - began}


def main() -> None:
    """Answer the request on standard input."""
    request = from_json(sys.stdin.read())
    try:
        module = load()
    except SyntaxError as error:
        return say({"refused": raised(error)["trace"]})
    except BaseException as error:
        return say({"broken": raised(error)})
    function = getattr(module, request["function"], None)
    if not callable(function):
        return say({"missing": request["function"]})
    for case in request["cases"]:
        say(called(function, case))
    return None


main()
