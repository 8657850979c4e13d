from __future__ import annotations

from functools import partial

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import ROLES, classified
from tuyendau.lib import publicid

ROLE_NAMES = {
    "province_administrator": _("province administrator"),
    "epidemiologist": _("epidemiologist"),
    "district_officer": _("district health officer"),
    "commune_officer": _("commune health officer"),
    "company_officer": _("company health officer"),
    "park_manager": _("park manager"),
    "clinician": _("clinician"),
    "quarantine_manager": _("quarantine manager"),
    "laboratory": _("laboratory officer"),
    "leader": _("member of the steering committee"),
    "channel_operator": _("channel operator"),
    "auditor": _("auditor"),
    "gate_device": _("gate device"),
}
"""The words for roles, by their codes."""


class User(AbstractUser):
    """Somebody who signs in. `language` is that of their pages and messages.

    `must_change_password` is set with a password that somebody else knows: nothing else opens until it is changed.
    """

    privacy = classified(
        public="id language is_active is_staff is_superuser must_change_password public_id groups user_permissions",
        personal="username full_name email password last_login date_joined",
    )

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "user"), editable=False
    )
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=120)
    language = models.CharField(max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi")
    must_change_password = models.BooleanField(default=False)

    REQUIRED_FIELDS = ["full_name"]

    def get_full_name(self) -> str:
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()


class Membership(models.Model):
    """A role held by a user over one unit or one site, from a day to before a day.

    `valid_to` None is until further notice; a role that was ended on the day it began has both days the same.
    While it is `awaiting` the approval of a second administrator it allows nothing.
    """

    privacy = classified(
        public="id", personal="user role unit site valid_from valid_to given_by approved_by awaiting"
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=40, choices=[(code, code) for code in ROLES])
    unit = models.ForeignKey("places.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("places.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    awaiting = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_one_place",
                condition=Q(unit__isnull=False, site__isnull=True) | Q(unit__isnull=True, site__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]


class Device(models.Model):
    """A gate device: a scanner or a telephone at a site, which records who comes and goes with a key of its own."""

    privacy = classified(public="id public_id name site made_at closed_at", personal="made_by")

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "device"), editable=False
    )
    name = models.CharField(max_length=80)
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class DeviceKey(models.Model):
    """One key of a device. Only the SHA-256 of its secret is kept: the key itself is shown once, when it is made."""

    privacy = classified(public="id device key_id digest made_at revoked_at last_used_on")

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="keys")
    key_id = models.CharField(max_length=20, unique=True)
    digest = models.BinaryField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)


class ToolKey(models.Model):
    """A key with which a tool, as QGIS, reads the map's layers as the user who made it, until a day.

    It opens nothing else and writes nothing. Of the key itself only the SHA-256 of its secret is kept.
    """

    privacy = classified(
        public="id key_id digest made_at valid_until revoked_at last_used_on", personal="user name"
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tool_keys")
    name = models.CharField(max_length=80)
    key_id = models.CharField(max_length=20, unique=True)
    digest = models.BinaryField()
    made_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
