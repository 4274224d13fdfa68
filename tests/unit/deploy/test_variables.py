"""Every variable that the files of deploy/ set is one that something reads, and no file holds a secret."""

import re

import yaml

from deploy.local.places import CHECKOUT
from tests.support.deployment import DEPLOY, compose

UPPER = r"[A-Z][A-Z0-9_]+"
# Read by the Procfile's shell, by Python, Flask, systemd and the images of the servers.
OTHERS = {"LANG", "PATH", "PYTHONUNBUFFERED", "FLASK_APP", "CREDENTIALS_DIRECTORY"}
OTHERS |= {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS"}


def known():
    settings = (CHECKOUT / "core/settings.py").read_text() + (CHECKOUT / "docs/settings.md").read_text()
    procfile = re.findall(rf"\$\{{?({UPPER})", (CHECKOUT / "Procfile").read_text())
    return {*re.findall(rf'["`]({UPPER})["`]', settings), *procfile, *OTHERS}


def set_by_compose():
    services = compose()["services"].values()
    named = {name for service in services for name in service.get("environment", {})}
    return named | set(
        re.findall(rf"^({UPPER})=", (DEPLOY / "compose/env.example").read_text(), re.MULTILINE)
    )


def set_by_kubernetes():
    kustomization = yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text())
    return {
        literal.split("=")[0] for one in kustomization["configMapGenerator"] for literal in one["literals"]
    }


def set_by_systemd():
    texts = [path.read_text() for path in (DEPLOY / "systemd").iterdir()]
    named = {
        name
        for text in texts
        for name in re.findall(rf"^(?:Environment|LoadCredential)=({UPPER})[=:]", text, re.M)
    }
    return named | set(
        re.findall(rf"^#?({UPPER})=", (DEPLOY / "systemd/creathon.env").read_text(), re.MULTILINE)
    )


def set_by_scripts():
    image = (DEPLOY / "container/Containerfile").read_text()
    named = set(re.findall(rf"({UPPER})=", " ".join(re.findall(r"^ENV (.*)$", image, re.MULTILINE))))
    for script in ("start", "healthy"):
        exports = re.findall(r"export (.*)$", (DEPLOY / script).read_text(), re.MULTILINE)
        named |= set(re.findall(rf"\b({UPPER})=", " ".join(exports)))
    return named


def test_compose_sets_only_variables_that_are_read():
    assert set_by_compose() - known() == set()


def test_kubernetes_sets_only_variables_that_are_read():
    assert set_by_kubernetes() - known() == set()


def test_systemd_sets_only_variables_that_are_read():
    assert set_by_systemd() - known() == set()


def test_the_scripts_set_only_variables_that_are_read():
    assert set_by_scripts() - known() == set()


def test_no_file_holds_a_password_in_a_url():
    files = [
        path
        for path in DEPLOY.rglob("*")
        if path.is_file() and "local" not in path.parts and path.suffix != ".pyc"
    ]
    assert files
    assert [path for path in files if re.search(r"://[^\s:/$]*:[^\s@/$]+@(?!\$)", path.read_text())] == []
