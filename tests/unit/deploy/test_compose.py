"""The compose file. No package ships its schema, so this looks at what an operator relies on."""

import re

import pytest

from tests.support.deployment import DEPLOY, PROCESSES, compose, longest_grading

SERVERS = {"postgres", "valkey"}
OURS = {*PROCESSES, "migrate"}


def seconds(text):
    return int(re.fullmatch(r"(\d+)s", text)[1])


def test_there_is_a_service_for_each_process_and_server():
    assert set(compose()["services"]) == OURS | SERVERS


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_process_is_unprivileged_bounded_and_started_by_name(name):
    service = compose()["services"][name]
    assert service["command"] == [name]
    assert service["user"] == "10001:10001"
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"])
    assert "healthcheck" in service
    assert not service.get("privileged")


def test_only_the_code_worker_has_walls_taken_down():
    loosened = {name for name in OURS if len(compose()["services"][name]["security_opt"]) > 1}
    assert loosened == {"worker"}


def test_only_the_web_service_has_a_port_and_only_on_the_loopback():
    ports = {name: one["ports"] for name, one in compose()["services"].items() if "ports" in one}
    assert ports == {"web": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("name", ["knowledge", "worker"])
def test_a_worker_may_finish_the_longest_grading(name):
    assert seconds(compose()["services"][name]["stop_grace_period"]) > longest_grading()


def test_every_process_waits_for_the_migration_and_the_migration_for_the_servers():
    services = compose()["services"]
    waits = {name: services[name]["depends_on"].get("migrate") for name in PROCESSES}
    assert set(map(str, waits.values())) == {"{'condition': 'service_completed_successfully'}"}
    assert set(services["migrate"]["depends_on"]) == SERVERS


def test_each_process_gets_the_database_url_of_its_role():
    given = {
        name: next(s["source"] for s in compose()["services"][name]["secrets"] if isinstance(s, dict))
        for name in OURS
    }
    roles = {name: source.removeprefix("DATABASE_URL.") for name, source in given.items()}
    assert roles == {
        "migrate": "owner",
        "web": "app",
        "bot": "app",
        "knowledge": "worker",
        "worker": "worker",
        "sweeper": "sweeper",
    }


def test_only_the_web_service_holds_the_keys_that_sign():
    holders = {name for name in OURS if "JWT_SECRET_KEY" in compose()["services"][name]["secrets"]}
    assert holders == {"web"}


def test_every_secret_that_a_service_uses_is_declared_and_used():
    used = set()
    for service in compose()["services"].values():
        used |= {s["source"] if isinstance(s, dict) else s for s in service.get("secrets", [])}
    assert used == set(compose()["secrets"])


def test_every_volume_from_this_repository_exists():
    for service in compose()["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert not source.startswith(".") or (DEPLOY / "compose" / source).exists(), source


def test_valkey_keeps_what_it_has_and_evicts_nothing():
    settings = dict(
        line.split(maxsplit=1)
        for line in (DEPLOY / "redis/valkey.conf").read_text().splitlines()
        if line and not line.startswith("#")
    )
    assert (settings["appendonly"], settings["maxmemory-policy"]) == ("yes", "noeviction")
