"""The interface does what its description says, for any request made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import DataGenerationMethod
from schemathesis.checks import not_a_server_error
from schemathesis.internal.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.assist.conftest import Person
from tests.serving import Server

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)
STREAMS = ("follow_call", "follow_desk")
EXAMPLES = 8


@pytest.fixture(scope="module")
def operations(server: Server) -> list[Any]:
    """Every operation of the description that ends."""
    description = requests.get(f"{server.address}/assist/api/openapi.json", timeout=60).json()
    schema = schemathesis.from_dict(
        description,
        base_url=f"{server.address}/assist/api",
        data_generation_methods=[DataGenerationMethod.positive, DataGenerationMethod.negative],
    )
    found = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result.err()
        found.append(result.ok())
    return [one for one in found if one.definition.raw["operationId"] not in STREAMS]


def test_any_request_gets_an_answer_that_the_description_knows(
    operations: list[Any], by_token: Callable[[str], Person]
) -> None:
    person = by_token("supervisor")
    call = person.open_call()
    headers = {"Authorization": f"Bearer {person.token}"}
    tried = {DataGenerationMethod.positive: 0, DataGenerationMethod.negative: 0}
    for operation in operations:
        if operation.definition.raw["operationId"] in {"log_in", "log_out"}:
            continue  # their tests are in test_sessions: here they would be locked out
        for method in tried:
            tried[method] += _try(operation, method, headers, call)
    assert tried[DataGenerationMethod.positive] > EXAMPLES * 10, tried
    assert tried[DataGenerationMethod.negative] > EXAMPLES * 10, tried


def _try(operation: Any, method: DataGenerationMethod, headers: dict[str, str], call: str) -> int:
    """Some requests for one operation, every other one about a call that is there; how many."""
    count = 0

    @seed(20260101)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def one(case: Any) -> None:
        nonlocal count
        count += 1
        if "call" in (case.path_parameters or {}) and count % 2:
            case.path_parameters["call"] = call
        response = case.call(headers={**(case.headers or {}), **headers}, timeout=60)
        case.validate_response(response, checks=CHECKS)

    try:
        strategy: SearchStrategy[Any] = operation.as_strategy(data_generation_method=method)
        given(strategy)(one)()
    except schemathesis.exceptions.SkipTest:
        pass  # there is nothing wrong to send to an operation without parameters
    return count


def test_every_operation_is_served_and_every_route_described(server: Server, operations: list[Any]) -> None:
    ids = {operation.definition.raw["operationId"] for operation in operations}
    assert len(ids) == len(operations) >= 24
    for operation in operations:
        path = operation.path.replace("{call}", "0" * 32).replace("{conversation}", "web%3Ax").replace("{question}", "1")
        answer = requests.request(operation.method, f"{server.address}/assist/api{path}", timeout=60)
        assert answer.status_code in {200, 400, 401}, (operation.verbose_name, answer.status_code)
