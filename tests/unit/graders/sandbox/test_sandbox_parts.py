from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from core.errors import InfrastructureError, SandboxUnavailable
from graders.sandbox import identity, runtime
from graders.sandbox.memfd import sealed
from graders.sandbox.protocol import decoded, outcome_of, run_request
from graders.sandbox.streams import Capture
from graders.sandbox.values import Allowance, Command


def test_a_sealed_descriptor_reads_and_cannot_be_written() -> None:
    descriptor = sealed(b"data")
    try:
        assert os.read(descriptor, 10) == b"data"
        with pytest.raises(PermissionError):
            os.pwrite(descriptor, b"x", 0)
        with pytest.raises(PermissionError):
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def test_a_capture_keeps_its_limit_and_knows_that_there_was_more() -> None:
    capture = Capture(5)
    os.write(capture.writing, b"123456")
    capture.close_writing()
    capture.read_rest()
    assert (capture.data(), capture.overflowed) == (b"12345", True)
    capture.close()


def test_a_capture_filled_to_the_byte_has_not_overflowed() -> None:
    capture = Capture(5)
    os.write(capture.writing, b"12345")
    capture.close_writing()
    capture.read_rest()
    assert (capture.data(), capture.overflowed) == (b"12345", False)
    capture.close()


@pytest.mark.parametrize("reply", [b"", b"nonsense", b"[1]", b"\xff"])
def test_a_reply_that_is_no_object_is_our_failure(reply: bytes) -> None:
    with pytest.raises(InfrastructureError):
        decoded(reply)


@pytest.mark.parametrize(
    "reply", [{}, {"status": 0}, {"status": "0", "stopped": "because"}, {"status": None}]
)
def test_a_reply_that_lacks_something_is_our_failure(reply: dict[str, object]) -> None:
    out, err = Capture(1), Capture(1)
    with pytest.raises(InfrastructureError):
        outcome_of(reply, [out, err])
    out.close()
    err.close()


def test_a_request_carries_limits_for_the_kernel() -> None:
    allowed = Allowance(1.5, 4, 64 << 20, 1024, processes=8, address_bytes=100 << 20)
    rlimits = run_request(Command(("x",)), allowed)["rlimits"]
    assert rlimits["AS"] == 100 << 20
    assert rlimits["NPROC"] == 9
    assert rlimits["CPU"] == 3
    assert rlimits["CORE"] == 0
    assert rlimits["STACK"] == 8 << 20
    assert "AS" not in run_request(Command(("x",)), Allowance(1, 1, 1, 1))["rlimits"]


def test_the_runtime_directory_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "temporary_directory", lambda: tmp_path)
    open_to_all = tmp_path / f"creathon-{os.geteuid()}"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(SandboxUnavailable):
        runtime.runtime_directory.__wrapped__()


def test_a_link_in_place_of_the_runtime_directory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "temporary_directory", lambda: tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"creathon-{os.geteuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SandboxUnavailable):
        runtime.runtime_directory.__wrapped__()


def test_the_runtime_directory_is_writable_by_us_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "temporary_directory", lambda: tmp_path)
    path = runtime.runtime_directory.__wrapped__()
    assert stat.S_IMODE(path.stat().st_mode) & 0o066 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only boxes of root run as somebody else")
def test_a_temporary_directory_that_only_root_can_enter_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(runtime.tempfile, "gettempdir", lambda: str(tmp_path))
    assert runtime.temporary_directory() in runtime.COMMON_PLACES


def test_a_file_below_a_closed_directory_is_out_of_others_reach(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "file").write_bytes(b"")
    (closed / "file").chmod(0o755)
    assert not runtime.others_can_reach(closed / "file")


@pytest.mark.parametrize(
    ("uid_map", "first"),
    [
        ("0 0 4294967295\n", identity.PREFERRED_FIRST),
        ("0 100000 65536\n", 65536 - 2 * identity.RANGE),
    ],
)
def test_box_users_lie_inside_the_map_of_this_container(
    uid_map: str, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda self: uid_map)
    assert identity.first_uid() == first


def test_a_container_with_one_user_cannot_lend_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", lambda self: "0 1000 1\n")
    with pytest.raises(SandboxUnavailable, match="plain user"):
        identity.first_uid()
