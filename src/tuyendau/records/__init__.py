"""What is true: the facts of the outbreak."""
