"""What the events of contacts say in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "case.changes_seen": _("Saw what changed in the list"),
    "contact.read": _("Looked at a contact"),
    "contact.linked": _("Named a contact"),
    "contact.reclassified": _("Classified a contact by hand"),
    "contact.unlinked": _("Ended a named contact"),
    "contacts.late": _("Presence recorded late"),
    "contacts.listed_exported": _("Took a list of contacts away"),
    "contacts.listed_read": _("Looked at a list of contacts"),
}
