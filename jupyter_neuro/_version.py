"""The one place of the version; package.json carries the same (a test compares them)."""

__version__ = "0.1.0"
