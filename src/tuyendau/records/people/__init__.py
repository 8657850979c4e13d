"""Persons and their assignments to sites."""
