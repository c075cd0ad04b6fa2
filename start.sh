#!/bin/sh
# sh start.sh          sets up and opens JupyterLab on the demo project
# sh start.sh test     sets up and runs all checks and tests ("fast": without browser, faults and lint)
# Needs Python 3.11+, node and git. Further words go to `jupyter neuro demo` or to pytest.
set -eu
cd "$(dirname "$0")"

what=${1:-demo}
[ $# -gt 0 ] && shift

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo "$@"; else return 1; fi
}

need() { # need PROGRAM-CHECK PACKAGE…: install Debian packages where that may be done
    check=$1
    shift
    sh -c "$check" >/dev/null 2>&1 && return 0
    if command -v apt-get >/dev/null 2>&1 && as_root apt-get update -qq &&
        as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
        return 0
    fi
    echo "Please install: $*" >&2
    exit 1
}

find_python() {
    for python in python3 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    echo "Python 3.11 or later is needed." >&2
    exit 1
}

make_venv() { # make_venv DIR
    [ -x "$1/bin/pip" ] && return
    python=$(find_python)
    need "$python -c 'import ensurepip, venv'" python3-venv
    "$python" -m venv "$1"
}

case $what in
demo)
    say "1/3 a virtual environment in .venv"
    make_venv .venv
    say "2/3 JupyterLab, this package and its page (a minute or two at the first time)"
    .venv/bin/pip install -q --disable-pip-version-check '.[demo]'
    say "3/3 JupyterLab opens on the demo project"
    exec .venv/bin/jupyter neuro demo "$@"
    ;;
test)
    make_venv .venv
    speed=full
    if [ "${1:-}" = fast ]; then
        speed=fast
        shift
    fi
    say "installing into .venv (a minute or two at the first time)"
    .venv/bin/pip install -q --disable-pip-version-check -e '.[test,lint]'
    export PATH="$PWD/.venv/bin:$PATH"
    if [ $speed = fast ]; then
        exec python -m pytest -m 'not slow' --ignore tests/ui "$@"
    fi
    need 'command -v chromium || command -v chromium-browser || command -v google-chrome' chromium
    exec sh tests/all.sh "$@"
    ;;
*)
    sed -n '2,4s/^# //p' "$0"
    exit 2
    ;;
esac
