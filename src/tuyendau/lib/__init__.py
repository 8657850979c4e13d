"""Small and pure: clock, Vietnamese text folding, phone numbers, public ids, geometry."""
