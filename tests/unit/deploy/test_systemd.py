"""The systemd units: read by systemd itself where there is one."""

import re
import shutil
import subprocess

import pytest

from deploy.local.places import CHECKOUT
from tests.support.deployment import DEPLOY, PROCESSES, longest_grading, unit_files

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="there is no systemd-analyze on this machine")
# Newer than some systemd that is in use; the unit works without it, only without control groups for boxes.
KNOWN_SINCE_254 = "DelegateSubgroup"


def services():
    return [path for path in unit_files() if path.suffix == ".service"]


def setting(name, key):
    text = (DEPLOY / "systemd" / name).read_text()
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


@pytest.fixture
def installed(tmp_path):
    """The units with programs and folders that this machine has in place of those of an installation."""
    for path in unit_files():
        text = path.read_text().replace("/opt/creathon", str(CHECKOUT))
        (tmp_path / path.name).write_text(text)
    return tmp_path


@needs_systemd
def test_systemd_understands_every_unit(installed):
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", *map(str, sorted(installed.iterdir()))],
        capture_output=True,
        text=True,
    )
    complaints = [line for line in done.stderr.splitlines() if str(installed) in line or "creathon" in line]
    assert [line for line in complaints if KNOWN_SINCE_254 not in line] == []


@needs_systemd
@pytest.mark.parametrize("path", services(), ids=lambda path: path.name)
def test_systemd_grades_the_exposure_as_ok(path):
    command = [ANALYZE, "security", "--offline=yes", "--threshold=40", "--no-pager", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    if "--offline" in done.stderr or "nrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze grades no files")
    assert done.returncode == 0, (done.stdout + done.stderr)[-300:]


def test_every_process_has_a_unit_that_starts_it():
    started = {setting(path.name, "ExecStart")[0] for path in services()}
    assert started == {f"/opt/creathon/deploy/start {name}" for name in {*PROCESSES, "migrate"}}


@pytest.mark.parametrize("path", services(), ids=lambda path: path.name)
def test_a_unit_names_an_unprivileged_user_and_no_secret(path):
    assert setting(path.name, "User") == ["creathon"]
    assert not any(
        re.match(r"(DATABASE_URL|REDIS_URL|.*SECRET|.*TOKEN)", e) for e in setting(path.name, "Environment")
    )


def test_only_the_code_worker_may_make_namespaces_and_has_groups_of_its_own():
    allowed = {path.name for path in services() if setting(path.name, "RestrictNamespaces") != ["yes"]}
    assert allowed == {path.name for path in services() if setting(path.name, "Delegate")}
    assert allowed == {"creathon-worker@.service"}


@pytest.mark.parametrize("name", ["creathon-knowledge@.service", "creathon-worker@.service"])
def test_a_worker_may_finish_the_longest_grading(name):
    assert int(setting(name, "TimeoutStopSec")[0]) > longest_grading()
