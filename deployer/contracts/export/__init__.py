"""Declared events for other tools: JSON Schema, TypeScript, Python, AsyncAPI. The same input gives the same bytes."""

from __future__ import annotations

from deployer.contracts.export.asyncapi import asyncapi_files
from deployer.contracts.export.json_schema import event_schema, json_schema_files
from deployer.contracts.export.python import python_files
from deployer.contracts.export.typescript import typescript_files

__all__ = ["asyncapi_files", "event_schema", "json_schema_files", "python_files", "typescript_files"]
