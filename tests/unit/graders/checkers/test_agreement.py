"""Kattis' own checker is the judge of ours: both must say the same about any two files (without NULs)."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graders.checkers import CHECKERS

VALIDATOR = Path(str(files("problemtools") / "support" / "default_validator"))
ACCEPTED, WRONG = 42, 43

NUMBERS = st.one_of(
    st.integers(-1000, 1000).map(str),
    st.floats().map(repr),
    st.floats(-10, 10).map(lambda value: f"{value:.6f}"),
    st.floats(-10, 10).map(lambda value: f"{value:+.3E}"),
    st.floats(allow_nan=False, allow_infinity=False).map(float.hex),
    st.text("0123456789.+-eExXpPaAfFinNft", max_size=8),
)
WORDS = st.one_of(NUMBERS, st.sampled_from(["yes", "Yes", "NO", "inf", "nan", "1e", "0x", "0x.", "."])).map(
    str.encode
)
NOISE = st.binary(max_size=6).map(lambda data: data.replace(b"\0", b"1"))
SPACE = st.text(" \n\t\r\v\f", min_size=1, max_size=2).map(str.encode)
OUTPUTS = st.lists(st.one_of(WORDS, NOISE, SPACE), max_size=8).map(b"".join)
TOLERANCES = st.one_of(st.sampled_from([0.0, 1e-9, 1e-6, 0.01, 1.0]), st.floats(0, 10))
PROPERTY = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def two_outputs(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """An expected output and one that often differs from it in a word or in white space only."""
    words = draw(st.lists(st.one_of(WORDS, NOISE), max_size=6))
    others = [draw(st.one_of(st.just(word), _near(word))) for word in words]
    joined = [draw(SPACE).join(some) for some in (words, others)]
    return joined[0], draw(st.one_of(st.just(joined[1]), OUTPUTS))


def _near(word: bytes) -> st.SearchStrategy[bytes]:
    try:
        value = float(word)
    except ValueError:
        return st.just(word.swapcase())
    return st.floats(-0.02, 0.02).map(lambda by: repr(value * (1 + by)).encode())


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def kattis(folder: Path, outputs: tuple[bytes, bytes], *options: str) -> bool:
    (folder / "in").write_bytes(b"")
    (folder / "answer").write_bytes(outputs[0])
    done = subprocess.run(
        [VALIDATOR, folder / "in", folder / "answer", folder, *options],
        input=outputs[1],
        capture_output=True,
        timeout=30,
    )
    assert done.returncode in (ACCEPTED, WRONG), done.stderr
    return done.returncode == ACCEPTED


@PROPERTY
@given(two_outputs(), st.booleans())
@example((b"a\x0bb", b"a b\r\n"), False)
@example((b"\xc4", b"\xe4"), True)
def test_tokens_agrees_with_kattis(folder: Path, outputs: tuple[bytes, bytes], ignore_case: bool) -> None:
    theirs = kattis(folder, outputs, *([] if ignore_case else ["case_sensitive"]))

    assert CHECKERS["tokens"].accepts(*outputs, {"ignore_case": ignore_case}) is theirs


@PROPERTY
@given(two_outputs(), st.booleans(), st.one_of(st.none(), TOLERANCES), TOLERANCES)
@example((b"0", b"-0.0"), False, None, 0.0)
@example((b"1e", b"1"), False, None, 0.0)
@example((b"0x1p", b"1"), False, None, 0.0)
@example((b"0x. 0x.p", b"-0X. 0x.p"), False, None, 0.0)
@example((b"1e999", b"1e999"), False, None, 1.0)
@example((b"1e308", b"-1e308"), False, None, 10.0)
@example((b"nan", b"NaN"), True, 1.0, 1.0)
def test_floats_agrees_with_kattis(
    folder: Path,
    outputs: tuple[bytes, bytes],
    ignore_case: bool,
    absolute: float | None,
    relative: float,
) -> None:
    given_options = {"relative": relative} | ({} if absolute is None else {"absolute": absolute})
    theirs = [f"float_{name}_tolerance={value!r}".split("=") for name, value in given_options.items()]
    flags = [word for pair in theirs for word in pair] + ([] if ignore_case else ["case_sensitive"])

    ours = CHECKERS["floats"].accepts(*outputs, {**given_options, "ignore_case": ignore_case})

    assert ours is kattis(folder, outputs, *flags)
