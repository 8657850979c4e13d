"""Who and where: what every room stands on."""
