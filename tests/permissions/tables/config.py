from tests.permissions.route import Route

# Open to whoever asks, signed in or not.
OPEN: set[str] = set()

ROUTES = {
    # Leads to the first page of one's own; who has none is told so on the spot.
    "home": Route(
        frozenset({
            "province_administrator", "epidemiologist", "district_officer", "commune_officer", "company_officer",
            "park_manager", "clinician", "quarantine_manager", "laboratory", "channel_operator", "auditor",
            "gate_device",
        }),
        answer=302,
        others=200,
    ),
}  # fmt: skip
