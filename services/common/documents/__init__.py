"""Writes the documents that derive from the code: event catalogue, AsyncAPI, settings, path table.

`python -m services.common.documents` writes them; with `--check` it only says which differ.
Needs grpcio-tools (a development requirement) to read the comments of the protos.
"""
