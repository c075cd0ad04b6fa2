"""Where a job runs: in a sandbox, or as a plain process where the system allows no sandbox."""
