"""What can be allowed. A permission says an act; a viewer's grants say over which places."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One act in the program."""

    CASE_VIEW = "case.view"
    CASE_CREATE = "case.create"
    CASE_DECIDE = "case.decide"
    SAMPLE_TAKE = "sample.take"
    RESULT_RECORD = "result.record"
    CONTACT_VIEW = "contact.view"
    CONTACT_EDIT = "contact.edit"
    INTERVIEW_RECORD = "interview.record"
    FOLLOWUP_RECORD = "followup.record"
    FOLLOWUP_ASSIGN = "followup.assign"
    ORDER_VIEW = "order.view"
    ORDER_DRAFT = "order.draft"
    ORDER_SIGN = "order.sign"
    CHAIN_EDIT = "chain.edit"
    PERSON_VIEW = "person.view"
    PERSON_EDIT = "person.edit"
    PERSON_MERGE = "person.merge"
    PSEUDONYM_VIEW = "pseudonym.view"
    VISIT_VIEW = "visit.view"
    VISIT_RECORD = "visit.record"
    VISIT_CORRECT = "visit.correct"
    MAP_VIEW = "map.view"
    IMPORT_CASES = "import.cases"
    IMPORT_PEOPLE = "import.people"
    IMPORT_VISITS = "import.visits"
    IMPORT_PLACES = "import.places"
    EXPORT = "export"
    USER_MANAGE = "user.manage"
    DEVICE_MANAGE = "device.manage"
    AUDIT_VIEW = "audit.view"
    RETENTION_MANAGE = "retention.manage"
