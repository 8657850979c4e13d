"""Who may ask through the API, what every refusal looks like, and who the asker is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from tuyendau.access import Denied, Permission, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import device_key_in_force, places_of, viewer_of
from tuyendau.core.accounts.rules import keys
from tuyendau.lib import clock

router = Router(tags=["accounts"])


class SessionOrKey(AuthBase):
    """A session of somebody signed in (then with the CSRF token for whatever writes), or the key of a device."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_name = "device key"

    def __call__(self, request: HttpRequest) -> Viewer | None:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        if viewer.device:
            return viewer
        if viewer.user_id is None:
            return None
        if check_csrf(request) is not None:
            raise HttpError(403, _("The CSRF token is missing or wrong."))
        return viewer


class Refusal(Schema):
    """Why something was not done: a stable `code`, a `message` in the asker's language, and what is wrong by field."""

    code: str
    message: str
    fields: dict[str, str] = {}


class Held(Schema):
    """A role over a place: `kind` unit or site, the place's code and name."""

    role: str
    kind: str
    code: str
    name: str


class Asker(Schema):
    """Who is asking: a user or a device."""

    kind: str
    id: str
    name: str
    roles: list[Held]


def refused(status: int, code: str, message: str, fields: Mapping[str, str] | None = None) -> JsonResponse:
    """The one form of every refusal."""
    body = {"code": code, "message": message, "fields": dict(fields or {})}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def unknown(scheme: str = "Bearer") -> JsonResponse:
    """What is answered to whoever did not sign in, or whose key is not in force; `scheme` is what they should send."""
    answer = refused(401, "unknown_asker", _("Sign in, or send a key that is in force."))
    answer.headers["WWW-Authenticate"] = scheme
    return answer


def refuse_in_one_form(api: NinjaAPI) -> None:
    """Have every refusal of `api` take the form of `refused`."""
    codes = {400: "bad_request", 403: "forbidden", 404: "not_found", 409: "conflict", 429: "too_many"}

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> JsonResponse:
        return unknown()

    @api.exception_handler(Denied)
    def _denied(request: HttpRequest, error: Denied) -> JsonResponse:
        return refused(
            403, "denied", _("Your role does not allow this."), {"permission": str(error.permission)}
        )

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> JsonResponse:
        return refused(404, "not_found", _("There is no such thing, or not in your reach."))

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> JsonResponse:
        return refused(error.status_code, codes.get(error.status_code, "refused"), str(error))

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> JsonResponse:
        fields = {
            ".".join(map(str, each["loc"][1:])) or str(each["loc"][0]): each["msg"] for each in error.errors
        }
        return refused(422, "invalid", _("Something in what was sent cannot be understood."), fields)


def still_in_force(request: HttpRequest, permission: Permission) -> bool:
    """Whether the asker holds `permission` now, and not only when the request began.

    Asked as the last thing before what was sent is committed: the key of a device is held in force until then.
    """
    if request.viewer.device:  # type: ignore[attr-defined]
        sent = keys.read(request.headers.get("Authorization", ""))
        return sent is not None and device_key_in_force(sent.key_id, lock=True) is not None
    today = clock.local_day(clock.now())
    return isinstance(request.user, User) and viewer_of(request.user, on=today).may(permission)


class API(NinjaAPI):
    """Ninja's API, in whose description every operation may be refused in the form above."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        schema["components"].setdefault("schemas", {})["Refusal"] = Refusal.json_schema()
        answer = {
            "description": "Refused",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].setdefault("4XX", answer)
        return schema


@router.get("/me", response=Asker, summary="Who is asking")
def me(request: HttpRequest) -> dict[str, Any]:
    """Who the session or the key belongs to, with the roles that are in force today and their places."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    roles = places_of(viewer)
    if viewer.device:
        device = request.device  # type: ignore[attr-defined]
        return {"kind": "device", "id": device.public_id, "name": device.name, "roles": roles}
    user: Any = request.user
    return {"kind": "user", "id": user.public_id, "name": user.get_full_name(), "roles": roles}
