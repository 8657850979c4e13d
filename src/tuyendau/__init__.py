"""Tuyến Đầu: open software that a province runs to fight an outbreak."""

__version__ = "0.1.0"
