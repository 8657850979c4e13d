"""Imports of files, whole or not at all, through the records' own actions; exports."""
