"""Every failure in the one error shape."""

from __future__ import annotations

import logging
from typing import Any

import asyncpg
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from gridtokenx_indexer.api.schemas import ErrorAnswer, ErrorDetail
from gridtokenx_indexer.domain.errors import GridTokenXError, RetryableError, UsageError

log = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    OSError,
    TimeoutError,
)


class NotFoundError(GridTokenXError):
    """What was asked for is not there; answered as 404."""


def answer(status: int, detail: ErrorDetail, headers: dict[str, str] | None = None) -> Response[ErrorAnswer]:
    return Response(ErrorAnswer(error=detail), status_code=status, headers=headers)


def on_http_error(_request: AnyRequest, error: HTTPException) -> Response[ErrorAnswer]:
    code = _CODES.get(error.status_code, "error" if error.status_code < 500 else "internal_error")
    if isinstance(error, ValidationException):
        return answer(400, _first_problem(error))
    message = error.detail or code.replace("_", " ")
    return answer(error.status_code, ErrorDetail(code=code, message=message), dict(error.headers or {}))


def on_own_error(_request: AnyRequest, error: GridTokenXError) -> Response[ErrorAnswer]:
    match error:
        case NotFoundError():
            status, code = 404, "not_found"
        case UsageError():
            status, code = 400, "bad_request"
        case RetryableError():
            status, code = 503, "unavailable"
        case _:
            status, code = 500, "internal_error"
    headers = {"Retry-After": "1"} if status == 503 else None
    return answer(status, ErrorDetail(code=code, message=error.message, remedy=error.remedy), headers)


def on_any_error(request: AnyRequest, error: Exception) -> Response[ErrorAnswer]:
    """Database trouble is temporary; anything else is a fault of ours, logged and not shown."""
    if isinstance(error, _UNAVAILABLE):
        detail = ErrorDetail(code="unavailable", message="the database is not reachable at the moment")
        return answer(503, detail, {"Retry-After": "1"})
    if isinstance(error, asyncpg.DataError):
        return answer(400, ErrorDetail(code="bad_request", message="a value does not fit its parameter"))
    log.error("request_failed", extra={"path": request.url.path}, exc_info=error)
    return answer(500, ErrorDetail(code="internal_error", message="the request failed; the log says why"))


def _first_problem(error: ValidationException) -> ErrorDetail:
    problems = error.extra if isinstance(error.extra, list) else []
    problem = problems[0] if problems and isinstance(problems[0], dict) else {}
    field = problem.get("key")
    message = str(problem.get("message") or error.detail)
    return ErrorDetail(code="bad_request", message=f"{field}: {message}" if field else message, field=field)
