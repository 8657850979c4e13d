"""Orders of isolation and quarantine: number, ground, signer, from, to."""
