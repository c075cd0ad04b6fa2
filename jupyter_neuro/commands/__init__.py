"""The groups of commands of ``jupyter neuro``, one module each; `cli` puts them together."""
