"""Care: who stays in which facility, how ill they are, and how they are transferred."""
