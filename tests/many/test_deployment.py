"""The files of ``deploy/`` agree with the server, with each other, and with what Kubernetes accepts."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot import settings
from bot.answering.wording import Wording
from knowledge.__main__ import _parser
from knowledge.catalogue import load_catalogue

DEPLOY = Path("deploy")
KUBERNETES = DEPLOY / "kubernetes"
KUBERNETES_VERSION = "1.28"
PORT = 5005


def manifests() -> list[dict[str, Any]]:
    """Everything that would be applied."""
    resources = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    return [document for name in resources for document in yaml.safe_load_all((KUBERNETES / name).read_text(encoding="utf-8"))]


def pods() -> dict[str, dict[str, Any]]:
    """The pod of each workload, by its name."""
    found = {}
    for manifest in manifests():
        spec = manifest.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found[manifest["metadata"]["name"]] = spec["template"]["spec"]
    return found


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return document


def test_every_setting_named_exists() -> None:
    known = set(re.findall(r"YIBAO_[A-Z_]+", Path(settings.__file__).read_text(encoding="utf-8")))
    everywhere: set[str] = set()
    for path in sorted(DEPLOY.rglob("*")):
        if path.is_file():
            named = set(re.findall(r"YIBAO_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
            assert {name for name in named if name != "YIBAO_WECHAT"} <= known, path
            everywhere |= named
    assert {"YIBAO_DATABASE", "YIBAO_STATE", "YIBAO_REDIS", "YIBAO_SECRET"} <= everywhere


def test_the_port_is_one_everywhere() -> None:
    configured = next(m for m in manifests() if m["kind"] == "ConfigMap" and m["metadata"]["name"] == "settings")["data"]
    assert configured["YIBAO_PORT"] == str(PORT)
    (container,) = pods()["server"]["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": PORT}]
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert f"EXPOSE {PORT}\n" in dockerfile
    assert f"YIBAO_PORT={PORT}\n" in dockerfile
    assert f"server server:{PORT} " in (DEPLOY / "nginx/nginx.conf").read_text(encoding="utf-8")
    policy = next(m for m in manifests() if m["kind"] == "NetworkPolicy" and m["metadata"]["name"] == "server")
    assert policy["spec"]["ingress"][0]["ports"] == [{"protocol": "TCP", "port": PORT}]


def test_what_is_referred_to_exists() -> None:
    made = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in manifests()}
    references = set(re.findall(r"'configMapRef': {'name': '([^']+)'}", str(manifests())))
    assert references
    assert {("ConfigMap", reference) for reference in references} <= made
    scaled = next(m for m in manifests() if m["kind"] == "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert (scaled["kind"], scaled["name"]) in made
    assert {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml", "secret.example.yaml"} == set(
        yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    )


@pytest.mark.parametrize("name", ["server", "backup"])
def test_pods_run_without_rights_they_do_not_need(name: str) -> None:
    pod = pods()[name]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] == 10001
    assert not pod["automountServiceAccountToken"]
    for container in pod["containers"]:
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"]
        assert not context["allowPrivilegeEscalation"]
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


def test_no_file_holds_a_secret() -> None:
    example = yaml.safe_load((KUBERNETES / "secret.example.yaml").read_text(encoding="utf-8"))
    assert set(example["stringData"].values()) == {""}
    lines = (DEPLOY / "secrets.env.example").read_text(encoding="utf-8").splitlines()
    assert all(line.endswith("=") for line in lines if line and not line.startswith("#"))
    ignored = subprocess.run(["git", "check-ignore", "-q", "deploy/secrets.env"], check=False)
    assert ignored.returncode in (0, 128)  # 128: these are no git sources


def test_compose_starts_servers_when_what_they_need_is_there() -> None:
    services = compose()["services"]
    needs = services["server"]["depends_on"]
    assert needs["knowledge"] == {"condition": "service_completed_successfully"}
    for name in ("postgres", "redis"):
        assert needs[name] == {"condition": "service_healthy"}
        assert services[name]["healthcheck"]["test"][0] == "CMD"
    assert services["proxy"]["depends_on"] == {"server": {"condition": "service_healthy"}}
    assert services["server"]["deploy"]["replicas"] >= 2
    secrets = {line.partition("=")[0] for line in (DEPLOY / "secrets.env.example").read_text(encoding="utf-8").splitlines()}
    required = set(re.findall(r"\$\{([A-Z_]+):\?", (DEPLOY / "compose.yml").read_text(encoding="utf-8")))
    assert required <= secrets


def test_the_command_that_builds_the_knowledge_is_one() -> None:
    command = compose()["services"]["knowledge"]["command"][2].replace("$$YIBAO_DATABASE", "sqlite://").replace('"', "")
    words = command.split()
    assert words[:4] == ["exec", "python", "-m", "knowledge"]
    assert _parser().parse_args(words[4:]).if_changed


def test_what_the_proxy_says_for_the_servers_names_the_hotlines() -> None:
    hotlines = Wording.hotlines(load_catalogue().hotlines)
    for name in ("unavailable.json", "too-many.json"):
        assert hotlines in json.loads((DEPLOY / "nginx/unavailable" / name).read_text(encoding="utf-8"))["error"]
    assert hotlines in (DEPLOY / "nginx/unavailable/unavailable.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("manifest", manifests(), ids=lambda m: f"{m['kind']} {m['metadata']['name']}")
def test_kubernetes_would_accept_it(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, KUBERNETES_VERSION, strict=True)
