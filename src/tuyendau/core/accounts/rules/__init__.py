"""Decisions about accounts that need no database: keys, second factors, when a session ends, who may give what."""
