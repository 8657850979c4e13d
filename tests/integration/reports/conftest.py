from tests.integration.followup.conftest import field

__all__ = ["field"]
