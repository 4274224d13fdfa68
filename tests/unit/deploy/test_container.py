"""The container file: what goes into an image is enough to run every process, and holds no secret."""

import json
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch

import pytest

from deploy.local.places import CHECKOUT
from tests.support.deployment import DEPLOY

CONTAINERFILE = (DEPLOY / "container/Containerfile").read_text()
PROGRAMS = "import wsgi, workers.app, workers.sweeper, bot.app, deploy.postgresql.grant"
ENVIRONMENT = {
    "DATABASE_URL": "postgresql://somebody:something-random-93@127.0.0.1:1/creathon",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ENVIRONMENT": "development",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
    "JWT_SECRET_KEY": "zyxwvutsrqponmlkjihgfedcba9876543210",
}


def patterns():
    lines = (CHECKOUT / ".dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def included(relative):
    """Whether the build sees this path: the last pattern that fits it, or a folder above it, decides."""
    verdict = True
    for pattern in patterns():
        wanted = pattern.startswith("!")
        if fits(relative, pattern.lstrip("!")):
            verdict = wanted
    return verdict


def fits(relative, pattern):
    steps = relative.split("/")
    above = ["/".join(steps[: n + 1]) for n in range(len(steps))]
    if pattern.startswith("**/"):
        return any(fnmatch(step, pattern[3:]) for step in steps)
    return any(one.count("/") == pattern.count("/") and fnmatch(one, pattern) for one in above)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A folder with what the build copies."""
    folder = tmp_path_factory.mktemp("image")
    for relative in filter(included, candidates()):
        (folder / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / relative, folder / relative)
    return folder


def candidates():
    """Files that some pattern may let in; the others, a whole .venv among them, are not even looked at."""
    tops = {pattern.lstrip("!").split("/")[0] for pattern in patterns() if pattern.startswith("!")}
    found = [path for top in tops for path in (CHECKOUT / top, *(CHECKOUT / top).rglob("*"))]
    return [str(path.relative_to(CHECKOUT)) for path in found if path.is_file()]


def test_an_image_holds_all_that_the_processes_import(image):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAMS], cwd=image, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_an_image_holds_what_its_commands_start(image):
    named = {
        "deploy/start",
        "deploy/healthy",
        "deploy/postgresql/grants.sql",
        "Procfile",
        "migrations/env.py",
    }
    assert {name for name in named if not (image / name).is_file()} == set()


@pytest.mark.parametrize(
    "name", [".env", "deploy/compose/secrets/SECRET_KEY", "var/accounts.txt", ".git/config", "tests/x"]
)
def test_secrets_and_data_never_reach_a_build(name):
    assert not included(name)


def test_every_image_ends_as_an_unprivileged_user():
    stages = re.split(r"^FROM ", CONTAINERFILE, flags=re.MULTILINE)[1:]
    last = {
        stage.splitlines()[0].split()[2]: re.findall(r"^USER (.*)$", stage, re.MULTILINE)[-1:]
        for stage in stages
    }
    assert last == {"build": [], "base": ["10001:10001"], "code": ["10001:10001"], "app": []}


def test_the_seccomp_profile_only_takes_away():
    profile = json.loads((DEPLOY / "container/code-worker.seccomp.json").read_text())
    assert profile["defaultAction"] == "SCMP_ACT_ALLOW"
    assert {rule["action"] for rule in profile["syscalls"]} == {"SCMP_ACT_ERRNO"}
    assert {"bpf", "kexec_load", "keyctl", "ptrace"} <= set(profile["syscalls"][0]["names"])
