"""What a case tells the tracer: where it was, with whom, and the epidemiological milestones."""
