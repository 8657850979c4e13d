from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tuyendau.access import classified
from tuyendau.lib import publicid


class TransferState(models.TextChoices):
    """Where a transfer stands; what may follow what stands in `rules.transfers.TRANSFERS`."""

    PROPOSED = "proposed", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted, on the way")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ARRIVED = "arrived", _("arrived")


class Transfer(models.Model):
    """A facility asks another one to take a patient. `led_to` is the stay that began when the patient arrived."""

    public_id = models.CharField(
        max_length=32, unique=True, default=partial(publicid.new, "transfer"), editable=False
    )
    stay = models.ForeignKey("care.Stay", on_delete=models.CASCADE, related_name="transfers")
    to = models.ForeignKey("places.Site", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=TransferState, default=TransferState.PROPOSED)
    urgent = models.BooleanField(default=False)
    reason = models.CharField(max_length=300)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    led_to = models.OneToOneField("care.Stay", null=True, on_delete=models.SET_NULL, related_name="came_by")

    privacy = classified(
        public="id public_id proposed_at proposed_by answered_at answered_by closed_at closed_by",
        personal="stay led_to",
        sensitive="to state urgent reason answer",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay"], condition=Q(state__in=["proposed", "accepted"]), name="transfer_one_open"
            )
        ]
        indexes = [
            models.Index(
                fields=["to", "proposed_at"],
                condition=Q(state__in=["proposed", "accepted"]),
                name="transfer_waits",
            )
        ]
