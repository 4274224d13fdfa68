"""`flask doctor`: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import with_appcontext

from api.doctor.examination import examination, secrets_of, wrong_settings
from api.doctor.finding import Finding, Patient, State
from api.extensions import session
from core.settings import Settings

COLOURS = {State.OK: "green", State.WARNING: "yellow", State.FAILED: "red"}
HIDDEN = "***"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Examine this installation. Exits with 1 when something FAILED."""
    if error := current_app.extensions.get("creathon_settings_error"):
        _report(wrong_settings(error), as_json, [])
    settings: Settings = current_app.extensions["creathon_settings"]
    _report(examination(Patient(settings, session())), as_json, secrets_of(settings))


def _report(findings: Iterable[Finding], as_json: bool, secrets: list[str]) -> None:
    """Print, each finding as soon as it is found, and exit."""
    found = []
    for finding in findings:
        found.append(finding)
        if not as_json:
            click.echo(_hidden(_lines(finding), secrets))
    if as_json:
        click.echo(_hidden(json.dumps([asdict(finding) for finding in found], indent=2), secrets))
    else:
        click.echo(_summary(found))
    raise click.exceptions.Exit(int(any(finding.state is State.FAILED for finding in found)))


def _lines(finding: Finding) -> str:
    state = click.style(f"{finding.state:<8}", fg=COLOURS[finding.state])
    line = f"{state} {finding.check}: {finding.detail}"
    return f"{line}\n{'':8} -> {finding.mend}" if finding.mend else line


def _summary(found: list[Finding]) -> str:
    failed = sum(finding.state is State.FAILED for finding in found)
    warnings = sum(finding.state is State.WARNING for finding in found)
    if not failed and not warnings:
        return "All is well."
    return f"{failed} failed, {warnings} {'warning' if warnings == 1 else 'warnings'}."


def _hidden(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text
