"""The learner's module as the tests see it: stand-ins for what lives in the learner's process.

Nothing that the learner's process says is believed to be more than the value it is. An object of theirs never decides
how it compares with a value of the tests: `__eq__` with such a value is not asked for, and operators only if
the author says so. An object is only let in if the tests name its class.
"""

from __future__ import annotations

import builtins
import sys
import types

from stand_ins import (
    Remote,
    RemoteFunction,
    RemoteIterator,
    RemoteType,
    attach,
    calling,
    leaving,
    link,
)
from wire import SPECIALS, Closed, Codec, Nonsense, Peer, encode_standard, pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
UNARY = (
    "str repr len iter next bool hash call getitem setitem delitem reversed enter exit int float index complex"
    " round abs neg pos invert format floor ceil trunc"
)
OPERATORS = frozenset(SPECIALS) - {f"__{name}__" for name in UNARY.split()} - {*COMPARISONS}
CONFINED = (
    "the test puts a value of its own and an object of the solution into one operation;"
    " the spec must allow that with operators: true"
)
TESTING = ("unittest", "doctest")  # their exceptions steer the tests, so they are the author's alone
MAX_TEXT = 4000


class Refused(Exception):
    """The learner's code handed out an object of a class that the tests do not name."""


class TestPeer(Peer, Codec):
    """Asks the learner's process, and serves what it may ask: calls of objects that the tests gave it."""

    def __init__(self, socket: Any, options: dict[str, Any]) -> None:
        Peer.__init__(self, socket)
        self.any_object = options["objects"] == "any"
        self.operators = bool(options["operators"])
        self.naming = False
        self.asked = 0
        self.gone = ""  # why there is no talking to the learner's process any more
        self.named: set[int] = set()
        self.classes: dict[int, Any] = {}
        self.stand_ins: dict[int, Any] = {}
        self.exported: list[Any] = []
        self.given: list[list[Any]] = [[]]  # the containers that each call in progress gave away

    def to_learner(self, what: str, number: int, *content: Any) -> Any:
        """Ask for something to be done to an object there. Raises what it raises there, Closed, Nonsense."""
        self.asked += 1
        naming, self.naming = self.naming, False
        self.given.append([])
        try:
            reply = self.ask(what, {"p": number}, *[self.encode_part(part) for part in content])
            return self.answer(reply, naming)
        except (Closed, Nonsense) as error:
            self.gone = str(error)
            raise
        finally:
            self.given.pop()

    def encode_part(self, part: Any) -> Any:
        """A part of a request; keyword arguments are no container of the tests."""
        return {"d": pairs(self, part)} if type(part) is dict else self.encode(part)

    def answer(self, reply: list[Any], naming: bool) -> Any:
        """The value or the exception that a reply tells of, once what it changed and printed has its effect here."""
        if len(reply) != 4 or not isinstance(reply[2], list) or not isinstance(reply[3], str):
            raise Nonsense("not a reply")
        status, content, changes, printed = reply
        if printed:
            sys.stdout.write(printed)
        for change in changes:
            self.apply(change)
        if status == "error":
            raise self.error(content)
        value = self.decode(content)
        if naming and isinstance(value, RemoteType):
            self.named.add(type.__getattribute__(value, "_remote_link")[1])
        return value

    def apply(self, change: Any) -> None:
        """A container that was given away, as it is now."""
        try:
            number, form = change
            mine, now = self.given[-1][number], self.decode(form)
        except (ValueError, TypeError, IndexError) as error:
            raise Nonsense("not a change") from error
        if type(mine) is not type(now):
            raise Nonsense("not a change")
        if isinstance(mine, (list, bytearray)):
            mine[:] = now
        else:
            mine.clear()
            mine.update(now)

    def encode_mutable(self, letter: str, value: Any, content: Any) -> Any:
        for number, known in enumerate(self.given[-1]):
            if known is value:
                return {"a": number}
        number = len(self.given[-1])
        self.given[-1].append(value)
        return {"m": [number, letter, content()]}

    def encode_other(self, value: Any) -> Any:
        if isinstance(value, Remote) or isinstance(type(value), RemoteType):
            return {"p": link(value)[1]}
        if isinstance(value, RemoteType):
            return {"p": type.__getattribute__(value, "_remote_link")[1]}
        standard = encode_standard(self, value)
        if standard is not None:
            return standard
        name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
        module = sys.modules.get(getattr(value, "__module__", None) or "")
        public = isinstance(name, str) and isinstance(
            value, (type, types.BuiltinFunctionType, types.FunctionType)
        )
        standard = public and module is not None and module.__name__ in STANDARD_MODULES
        if standard and getattr(module, str(name), None) is value:
            return {"g": [value.__module__, name]}
        self.exported.append(value)
        return {"o": len(self.exported) - 1}

    def serve(self, request: list[Any]) -> list[Any]:
        """What the learner's code may do with what it was given: call it, read its public attributes."""
        try:
            what, number, *content = request
            content = [self.decode(part) for part in content]
            if what == "input":
                return ["ok", self.encode(input(*content))]
            target = self.exported[number]
            if what == "call":
                return ["ok", self.encode(target(*content[0], **content[1]))]
            if (
                what == "get"
                and not content[0].startswith("_")
                and not isinstance(target, types.FunctionType)
            ):
                return ["ok", self.encode(getattr(target, content[0]))]
            raise AttributeError(content[0])
        except (Closed, Nonsense, Refused):
            raise
        except Exception as error:
            name = next(b.__name__ for b in type(error).__mro__ if getattr(builtins, b.__name__, None) is b)
            return ["error", [name, [str(error)]]]

    def error(self, content: Any) -> Any:
        """The exception that was raised there, as one that tests can catch here."""
        names, own, args, trace, itself = content
        error = self.new_error(names, own, [self.decode(argument) for argument in args])
        object.__setattr__(error, "learners_trace", str(trace)[-MAX_TEXT:])
        if isinstance(error, Remote):
            attach(error, self, itself["o"][0])
        return error

    def new_error(self, names: list[Any], own: int | None, args: list[Any]) -> Any:
        """An exception of the nearest class that exists on both sides."""
        for module, name in names:
            standard = module in STANDARD_MODULES and module not in TESTING
            kind: Any = getattr(sys.modules.get(module), name, None) if standard else None
            if isinstance(kind, type) and issubclass(kind, BaseException):
                kind = Exception if kind in (KeyboardInterrupt, GeneratorExit) else kind
                break
            if own is not None and module not in STANDARD_MODULES:
                kind = self.class_of(own)
                if issubclass(kind, BaseException):
                    break
        else:
            raise Nonsense("not an exception")
        try:
            return kind.__new__(kind, *args) if issubclass(kind, Remote) else kind(*args)
        except TypeError:
            return Exception(*args)

    def class_of(self, number: int) -> Any:
        """The stand-in for a class."""
        known = self.classes.get(number)
        if known is None:
            known = self.classes[number] = self.new_class(number, *self.ask("describe", number)[1])
        return known

    def new_class(
        self, number: int, name: str, bases: list[int], builtin: str, specials: list[str], bare: bool
    ) -> Any:
        """A class like theirs: same name and bases, its special methods asked for over there."""
        own = [self.class_of(base) for base in bases if base != number]
        kind: Any = getattr(builtins, builtin, object)
        if isinstance(kind, type) and issubclass(kind, BaseException):
            own = [*own, kind] if not any(issubclass(base, BaseException) for base in own) else own
        methods: dict[str, Any] = {name: self.special(name) for name in specials if name in FORWARDED}
        methods |= {"__call__": calling} if "__call__" in methods else {}
        methods |= {"__exit__": leaving} if "__exit__" in methods else {}
        if bare:
            methods["__hash__"] = None
        elif "__hash__" not in methods:
            methods["__hash__"] = object.__hash__
        space = {**methods, "_remote_link": (self, number), "__module__": "solution"}
        bases_here = tuple(own) if any(issubclass(base, Remote) for base in own) else (Remote, *own)
        return RemoteType(str(name), bases_here, space)

    def special(self, name: str) -> Callable[..., Any]:
        """A special method that asks the learner's process."""

        def method(this: Any, *args: Any) -> Any:
            confined = not self.operators and not all(isinstance(type(arg), RemoteType) for arg in args)
            if confined and name in COMPARISONS:
                return NotImplemented
            if confined and name in OPERATORS:
                raise TypeError(CONFINED)
            return self.to_learner("special", link(this)[1], name, args)

        return method

    def stand_in(self, content: Any) -> Any:
        """What stands here for a thing over there."""
        number, sort, of = content
        if sort == "class":
            return self.class_of(number)
        known = self.stand_ins.get(number)
        if known is None:
            known = self.stand_ins[number] = attach(self.new_stand_in(sort, of), self, number)
        return known

    def new_stand_in(self, sort: str, of: int | None) -> Any:
        if sort in SORTS:
            return object.__new__(SORTS[sort])
        kind = self.class_of(of) if isinstance(of, int) else None
        if kind is None or not (self.any_object or self.is_named(kind)):
            name = kind.__name__ if kind is not None else "unknown"
            raise Refused(f"an object of class {name}, which the tests do not name, instead of a plain value")
        return kind.__new__(kind)

    def is_named(self, kind: Any) -> bool:
        """Whether the tests name the class or one that it derives from."""
        numbers = [base.__dict__["_remote_link"][1] for base in kind.__mro__ if isinstance(base, RemoteType)]
        return any(number in self.named for number in numbers)


def builtin_type(peer: Any, name: str) -> type:
    """One of Python's own types."""
    found = getattr(builtins, name)
    if not isinstance(found, type):
        raise Nonsense("not a type")
    return found


def named_tuple(peer: Any, content: Any) -> Any:
    """A named tuple like theirs."""
    from collections import namedtuple

    name, fields, values = content
    return namedtuple(name, fields)(*[peer.decode(value) for value in values])


SORTS: dict[Any, type] = {"function": RemoteFunction, "iterator": RemoteIterator}
FORWARDED = frozenset(SPECIALS)
STANDARD_MODULES = (
    frozenset(sys.stdlib_module_names) | {"builtins"} if hasattr(sys, "stdlib_module_names") else frozenset()
)
TestPeer.decoders = {
    **Codec.decoders,
    "a": lambda peer, content: peer.given[-1][content],
    "p": lambda peer, content: peer.exported[content],
    "o": lambda peer, content: peer.stand_in(content),
    "g": builtin_type,
    "n": named_tuple,
}
