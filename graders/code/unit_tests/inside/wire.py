"""What the process of the tests and the learner's process say to each other: JSON, never code.

Either side asks and serves: while one waits for an answer it serves what the other asks (a test may hand the
learner's code a function of its own). Values travel as copies; what cannot be copied travels as a reference.
"""

from __future__ import annotations

from json_text import from_json, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs time in every box
    from collections.abc import Callable
    from typing import Any

MAX_FRAME = 64 * 1024 * 1024
SMALL = 2**53
PLAIN = frozenset([type(None), bool, str, float])
ENDED = "the program ended itself"
SPECIALS = [  # the special methods that stand-ins ask for
    f"__{name}__"
    for line in (
        "str repr len iter next bool hash call getitem setitem delitem contains reversed enter exit int float",
        "index complex round abs neg pos invert eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv",
        "floordiv rfloordiv mod rmod pow rpow matmul rmatmul and rand or ror xor rxor lshift rshift divmod",
        "iadd isub imul format floor ceil trunc",
    )
    for name in line.split()
]


class Closed(BaseException):
    """The other side is gone."""


class Nonsense(BaseException):
    """The other side does not keep to the protocol."""


class Peer:
    """One end of the socket."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    def send(self, message: Any) -> None:
        """One message, whole. Raises Closed."""
        data = to_json(message).encode()
        try:
            self.socket.sendall(len(data).to_bytes(4, "little") + data)
        except OSError as error:
            raise Closed(ENDED) from error

    def receive(self) -> Any:
        """One message, whole. Raises Closed, Nonsense."""
        size = int.from_bytes(self.exactly(4), "little")
        if size > MAX_FRAME:
            raise Nonsense("too long a message")
        try:
            return from_json(self.exactly(size).decode())
        except (ValueError, RecursionError) as error:
            raise Nonsense("not JSON") from error

    def exactly(self, size: int) -> bytes:
        """So many bytes. Raises Closed."""
        parts = []
        while size:
            try:
                part = self.socket.recv(min(size, 1 << 20))
            except OSError:
                part = b""
            if not part:
                raise Closed(ENDED)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def ask(self, *request: Any) -> Any:
        """Send a request; serve the other side until it answers. Returns the answer."""
        self.send(["?", *request])
        while True:
            message = self.receive()
            if not isinstance(message, list) or not message:
                raise Nonsense("not a message")
            if message[0] == "?":
                self.send(["!", *self.serve(message[1:])])
            else:
                return message[1:]

    def serve(self, request: list[Any]) -> list[Any]:
        """The answer to a request: ["ok", ...] or ["error", ...]."""
        raise NotImplementedError


class Codec:
    """Values to JSON and back. A JSON object always has one key, a letter: what its content is."""

    def encode(self, value: Any) -> Any:
        """The JSON form of a value."""
        kind = type(value)
        if kind in PLAIN:
            return value
        encoder = ENCODERS.get(kind)
        return encoder(self, value) if encoder is not None else self.encode_other(value)

    def encode_other(self, value: Any) -> Any:
        """The JSON form of what has no copy."""
        raise NotImplementedError

    def encode_mutable(self, letter: str, value: Any, content: Callable[[], Any]) -> Any:
        """The JSON form of a container that the other side might change."""
        return {letter: content()}

    def decode(self, form: Any) -> Any:
        """The value of a JSON form. Raises Nonsense."""
        if type(form) is list:
            return [self.decode(item) for item in form]
        if type(form) is not dict:
            return form
        try:
            ((letter, content),) = form.items()
            return self.decoders[letter](self, content)
        except (Nonsense, Closed):
            raise
        except (ValueError, TypeError, KeyError, LookupError, ArithmeticError, AttributeError) as error:
            raise Nonsense("not a value") from error

    decoders: dict[str, Callable[[Any, Any], Any]] = {}


def encode_int(codec: Codec, value: int) -> Any:
    """Small ones are JSON."""
    return value if -SMALL < value < SMALL else {"i": hex(value)}


def pairs(codec: Codec, value: Any) -> list[Any]:
    """Keys and values."""
    return [[codec.encode(key), codec.encode(item)] for key, item in value.items()]


def items(codec: Codec, value: Any) -> list[Any]:
    """Items in order."""
    return [codec.encode(item) for item in value]


def encode_mutable(letter: str, content: Callable[[Codec, Any], Any]) -> Callable[[Codec, Any], Any]:
    """An encoder of containers that can change."""
    return lambda codec, value: codec.encode_mutable(letter, value, lambda: content(codec, value))


def hexadecimal(codec: Codec, value: Any) -> str:
    """Bytes."""
    return bytes(value).hex()


ENCODERS: dict[type, Callable[[Any, Any], Any]] = {
    int: encode_int,
    list: encode_mutable("l", items),
    dict: encode_mutable("d", pairs),
    set: encode_mutable("s", items),
    bytearray: encode_mutable("y", hexadecimal),
    tuple: lambda codec, value: {"t": items(codec, value)},
    frozenset: lambda codec, value: {"f": items(codec, value)},
    bytes: lambda codec, value: {"b": value.hex()},
    complex: lambda codec, value: {"c": [value.real, value.imag]},
    range: lambda codec, value: {"r": [value.start, value.stop, value.step]},
    type(...): lambda codec, value: {"e": "Ellipsis"},
    type(NotImplemented): lambda codec, value: {"e": "NotImplemented"},
}

STANDARD = {  # copied by the way that their constructors take: module, name, arguments
    "Decimal": ("decimal", lambda value: [str(value)]),
    "Fraction": ("fractions", lambda value: [value.numerator, value.denominator]),
    "date": ("datetime", lambda value: [value.year, value.month, value.day]),
    "time": ("datetime", lambda v: [v.hour, v.minute, v.second, v.microsecond]),
    "timedelta": ("datetime", lambda value: [value.days, value.seconds, value.microseconds]),
    "datetime": (
        "datetime",
        lambda v: [v.year, v.month, v.day, v.hour, v.minute, v.second, v.microsecond],
    ),
    "deque": ("collections", lambda value: [list(value), value.maxlen]),
    "Counter": ("collections", lambda value: [dict(value)]),
    "OrderedDict": ("collections", lambda value: [list(value.items())]),
    "defaultdict": ("collections", lambda value: [None, dict(value)]),
}


def encode_standard(codec: Codec, value: Any) -> Any:
    """The form of a value of the standard library that is copied, else None."""
    kind = type(value)
    module, arguments = STANDARD.get(kind.__name__, ("", None))
    if arguments is None or kind.__module__ != module:
        return None
    return {"x": [kind.__name__, items(codec, arguments(value))]}


def decode_standard(codec: Codec, content: Any) -> Any:
    """The value of the standard library that a form stands for."""
    name, arguments = content
    module = __import__(STANDARD[name][0])
    return getattr(module, name)(*(codec.decode(item) for item in arguments))


def decode_pairs(codec: Codec, content: Any) -> dict[Any, Any]:
    """A dict."""
    return {codec.decode(key): codec.decode(item) for key, item in content}


SINGLE = {"Ellipsis": ..., "NotImplemented": NotImplemented}
Codec.decoders = {
    "i": lambda codec, content: int(content, 16),
    "l": lambda codec, content: [codec.decode(item) for item in content],
    "d": decode_pairs,
    "s": lambda codec, content: {codec.decode(item) for item in content},
    "y": lambda codec, content: bytearray.fromhex(content),
    "t": lambda codec, content: tuple([codec.decode(item) for item in content]),
    "f": lambda codec, content: frozenset([codec.decode(item) for item in content]),
    "b": lambda codec, content: bytes.fromhex(content),
    "c": lambda codec, content: complex(*content),
    "r": lambda codec, content: range(*content),
    "e": lambda codec, content: SINGLE[content],
    "x": decode_standard,
}
