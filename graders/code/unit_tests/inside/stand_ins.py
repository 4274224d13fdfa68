"""Stand-ins: what the tests hold in place of the learner's module, functions, classes and objects."""

from __future__ import annotations

import types

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs time in every box
    from typing import Any

FORBIDDEN = frozenset(
    ["__class__", "__getattribute__", "__init__", "__new__", "__del__", "__init_subclass__"]
)


class Remote:
    """A stand-in for an object of the learner's process."""

    def __getattr__(self, name: str) -> Any:
        if name in FORBIDDEN or name.startswith("_remote"):
            raise AttributeError(name)
        peer, number = link(self)
        return peer.to_learner("get", number, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__"):  # such as the traceback of an exception: those are of this side
            object.__setattr__(self, name, value)
        else:
            peer, number = link(self)
            peer.to_learner("set", number, name, value)

    def __delattr__(self, name: str) -> None:
        peer, number = link(self)
        peer.to_learner("delete", number, name)


def link(remote: Any) -> tuple[Any, int]:
    """The peer of a stand-in and the number of its original there."""
    found: tuple[Any, int] = object.__getattribute__(remote, "_remote_link")
    return found


def attach(remote: Any, peer: Any, number: int) -> Any:
    """Make a fresh stand-in stand for something."""
    object.__setattr__(remote, "_remote_link", (peer, number))
    return remote


class RemoteFunction(Remote):
    """A stand-in for a function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        peer, number = link(self)
        return peer.to_learner("call", number, args, kwargs)


class RemoteIterator(Remote):
    """A stand-in for a generator or another iterator."""

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        peer, number = link(self)
        return peer.to_learner("special", number, "__next__", ())


class RemoteType(type):
    """The class of the stand-ins for classes."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        peer, number = type.__getattribute__(cls, "_remote_link")
        return peer.to_learner("call", number, args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        if name in FORBIDDEN or name.startswith(("_remote", "__abstract")):
            raise AttributeError(name)
        peer, number = type.__getattribute__(cls, "_remote_link")
        return peer.to_learner("get", number, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        peer, number = type.__getattribute__(cls, "_remote_link")
        peer.to_learner("set", number, name, value)

    def __iter__(cls) -> Any:  # an Enum
        peer, number = type.__getattribute__(cls, "_remote_link")
        return iter(peer.to_learner("special", number, "__iter__", ()))


class RemoteModule(Remote, types.ModuleType):
    """The learner's module."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        peer, number = link(self)
        peer.naming = True
        try:
            return peer.to_learner("get", number, name)
        finally:
            peer.naming = False


def calling(this: Any, *args: Any, **kwargs: Any) -> Any:
    """`__call__` of an object of theirs."""
    peer, number = link(this)
    return peer.to_learner("call", number, args, kwargs)


def leaving(this: Any, kind: Any, error: Any, trace: Any) -> Any:
    """`__exit__` of an object of theirs; it learns of no failed assertion and cannot silence one."""
    peer, number = link(this)
    if kind is None or (issubclass(kind, Exception) and not issubclass(kind, AssertionError)):
        return peer.to_learner("special", number, "__exit__", (kind, error, None))
    peer.to_learner("special", number, "__exit__", (None, None, None))
    return False
