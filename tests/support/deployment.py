"""The files of deploy/, read for the tests that look at them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from deploy.local.places import CHECKOUT
from deploy.local.processes import procfile_commands

DEPLOY = CHECKOUT / "deploy"
PROCESSES = set(procfile_commands())


def yaml_files() -> list[Path]:
    return sorted(DEPLOY.rglob("*.yaml"))


def manifests() -> list[dict[str, Any]]:
    """Every Kubernetes object but the kustomization, which is none of the cluster's."""
    found: list[dict[str, Any]] = []
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        if path.name != "kustomization.yaml":
            found += yaml.safe_load_all(path.read_text())
    return found


def pods() -> dict[str, dict[str, Any]]:
    """The pod specs by the name of their Deployment or Job."""
    return {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in manifests()
        if one["kind"] in ("Deployment", "Job")
    }


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text())


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    return json.loads((DEPLOY / "grafana/creathon.json").read_text())


def panels() -> list[dict[str, Any]]:
    """Those that show something."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[str]:
    """Every PromQL expression of the alerts and the dashboard."""
    yield from (rule["expr"] for rule in alerts())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def unit_files() -> list[Path]:
    return sorted((DEPLOY / "systemd").glob("*.service")) + sorted((DEPLOY / "systemd").glob("*.target"))


def longest_grading() -> int:
    """Seconds after which Celery ends a task, whatever it does."""
    found = re.search(r"^task_time_limit = (\d+)$", (CHECKOUT / "celeryconfig.py").read_text(), re.MULTILINE)
    assert found
    return int(found[1])
