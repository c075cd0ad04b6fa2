#!/bin/sh
# Every check and test; the virtual environment with the extras test and lint is active. See start.sh.
set -eu
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step "lock files name no registry"
if grep -nE '://|__archiveUrl' yarn.lock; then exit 1; fi

step "Python: ruff, mypy"
ruff check .
ruff format --check .
mypy

step "page: build, lint, types, unit tests"
jlpm install --immutable
jupyter-builder develop --overwrite . >/dev/null
jlpm lint:check
jlpm tsc -p labextension/tsconfig.test.json
jlpm test
# the tests in the browser drive the production bundle
jlpm build:prod

step "Python tests: platform, services, routes, magics, official command line, faults"
python -m pytest tests --ignore tests/ui "$@"

step "browser tests"
CI=true python -m pytest tests/ui "$@"
