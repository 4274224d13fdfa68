"""What a cluster would say of the manifests, and what we promise of them."""

import jsonschema
import kubernetes_validate
import pytest

from tests.support.deployment import PROCESSES, longest_grading, manifests, pods

NEWEST = kubernetes_validate.latest_version()
TEXT = {"type": "string", "minLength": 1}
# KEDA's own kinds are no part of Kubernetes: what its documentation demands of those that we use.
SCALED_OBJECT = {
    "type": "object",
    "required": ["scaleTargetRef", "triggers"],
    "additionalProperties": False,
    "properties": {
        "scaleTargetRef": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
        "pollingInterval": {"type": "integer", "minimum": 1},
        "cooldownPeriod": {"type": "integer", "minimum": 0},
        "minReplicaCount": {"type": "integer", "minimum": 0},
        "maxReplicaCount": {"type": "integer", "minimum": 1},
        "advanced": {"type": "object"},
        "triggers": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["type", "metadata", "authenticationRef"],
                "properties": {
                    "type": {"const": "postgresql"},  # never redis: it does not see what workers have taken
                    "authenticationRef": {"type": "object", "required": ["name"]},
                    "metadata": {
                        "type": "object",
                        "required": ["query", "targetQueryValue"],
                        "additionalProperties": TEXT,
                    },
                },
            },
        },
    },
}
AUTHENTICATION = {
    "type": "object",
    "required": ["secretTargetRef"],
    "properties": {
        "secretTargetRef": {
            "type": "array",
            "items": {"required": ["parameter", "name", "key"], "additionalProperties": TEXT},
        }
    },
}
KEDA = {"ScaledObject": SCALED_OBJECT, "TriggerAuthentication": AUTHENTICATION}


def of_kind(kind):
    return {one["metadata"]["name"]: one for one in manifests() if one["kind"] == kind}


@pytest.mark.parametrize("manifest", manifests(), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_every_object_fits_its_schema(manifest):
    if manifest["kind"] in KEDA:
        assert manifest["apiVersion"] == "keda.sh/v1alpha1"
        jsonschema.validate(manifest["spec"], KEDA[manifest["kind"]])
    else:
        kubernetes_validate.validate(manifest, NEWEST, strict=True)


def test_every_process_has_a_pod():
    started = {name: pod["containers"][0]["args"] for name, pod in pods().items()}
    assert started == {name: [name] for name in {*PROCESSES, "migrate"}}


@pytest.mark.parametrize("name", pods())
def test_a_pod_runs_without_privileges_and_without_a_writable_root(name):
    pod, container = pods()[name], pods()[name]["containers"][0]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert "memory" in container["resources"]["limits"]


def test_only_the_code_worker_has_walls_taken_down():
    loosened = {
        name
        for name, pod in pods().items()
        if pod["securityContext"]["seccompProfile"]["type"] != "RuntimeDefault"
        or "appArmorProfile" in pod["securityContext"]
        or "procMount" in pod["containers"][0]["securityContext"]
    }
    assert loosened == {"worker"}


@pytest.mark.parametrize("name", ["knowledge", "worker"])
def test_a_worker_may_finish_the_longest_grading(name):
    assert pods()[name]["terminationGracePeriodSeconds"] > longest_grading()


def test_the_scaler_owns_the_number_of_the_workers_it_scales():
    scaled = {one["spec"]["scaleTargetRef"]["name"] for one in of_kind("ScaledObject").values()}
    fixed = {name for name, one in of_kind("Deployment").items() if "replicas" in one["spec"]}
    assert scaled == {"knowledge", "worker"}
    assert scaled & fixed == set()


def test_the_web_probes_ask_the_process_itself():
    web = pods()["web"]["containers"][0]
    probes = [web[f"{probe}Probe"]["httpGet"]["path"] for probe in ("startup", "liveness", "readiness")]
    assert probes == ["/healthz"] * 3


def test_nothing_is_reachable_but_what_a_policy_names():
    policies = {name: one["spec"] for name, one in of_kind("NetworkPolicy").items()}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert of_kind("Secret") == {}
