"""How long each class of data is kept: as data, approved by a person, carried out by the worker."""
