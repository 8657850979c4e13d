"""What has changed, told to open pages at once: server-sent events over the change feed."""
