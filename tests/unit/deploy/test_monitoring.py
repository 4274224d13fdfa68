"""Alerts, dashboard and docs name only figures that exist, and every alert says what to do."""

import re
import shutil
import subprocess

import pytest

from deploy.local.places import CHECKOUT
from tests.support.deployment import DEPLOY, alerts, expressions, panels
from tests.support.metric_names import HISTOGRAMS, METRICS

PROMTOOL = shutil.which("promtool")
NAMED = re.compile(r"\b(creathon_[a-z_]+)(?:\{([^}]*)\})?")
OPERATIONS = CHECKOUT / "docs/operations.md"
ROLES = {f"creathon_{role}" for role in ("owner", "app", "worker", "sweeper", "scaler")}


def exposed():
    """Every name that a scrape can have: those of a histogram have endings."""
    endings = {f"{name}{end}" for name in HISTOGRAMS for end in ("_bucket", "_sum", "_count")}
    return (set(METRICS) - HISTOGRAMS) | endings


def base(name):
    return re.sub(r"_(bucket|sum|count)$", "", name) if name not in METRICS else name


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_an_expression_names_figures_and_labels_that_exist(expression):
    found = NAMED.findall(expression)
    assert found or "up{" in expression
    for name, matchers in found:
        assert name in exposed()
        assert set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers)) <= METRICS[base(name)]


def test_every_figure_is_on_the_dashboard():
    shown = {
        base(name) for panel in panels() for t in panel["targets"] for name, _ in NAMED.findall(t["expr"])
    }
    assert shown == set(METRICS)


def test_the_panels_do_not_overlap():
    cells = [
        (x, y)
        for at in (panel["gridPos"] for panel in panels())
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))


@pytest.mark.parametrize("path", sorted(CHECKOUT.glob("docs/*.md")), ids=lambda path: path.name)
def test_the_docs_name_figures_that_exist(path):
    named = {name for name, _ in NAMED.findall(path.read_text())} - ROLES
    assert named <= exposed() | set(METRICS)


@pytest.mark.parametrize("alert", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_has_a_severity_and_a_section_that_says_what_to_do(alert):
    assert alert["labels"]["severity"] in ("warning", "critical")
    assert alert["annotations"]["runbook_url"] == f"docs/operations.md#{alert['alert'].lower()}"
    assert f"\n### {alert['alert']}\n" in OPERATIONS.read_text()


def test_the_docs_explain_no_alert_that_is_gone():
    explained = re.findall(r"^### (Creathon\w+)$", OPERATIONS.read_text(), re.MULTILINE)
    assert explained == [rule["alert"] for rule in alerts()]


@pytest.mark.skipif(PROMTOOL is None, reason="there is no promtool on this machine")
@pytest.mark.parametrize(
    "arguments", [["test", "rules", "alerts_test.yaml"], ["check", "config", "prometheus.yaml"]]
)
def test_prometheus_understands_the_rules(arguments):
    done = subprocess.run([PROMTOOL, *arguments], cwd=DEPLOY / "prometheus", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
