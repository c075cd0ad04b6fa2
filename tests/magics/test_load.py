"""``%load_ext jupyter_neuro`` registers and imports next to nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
shell.run_line_magic("load_ext", "jupyter_neuro")
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
"""


def python(code: str, home) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CODE + code],
        capture_output=True,
        text=True,
        env={"HOME": str(home), "IPYTHONDIR": str(home), "PATH": "/usr/bin:/bin"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_nothing_heavy_is_imported(tmp_path):
    heavy = {"apolo_sdk", "nbformat", "jsonschema", "jupyter_server", "aiohttp", "tornado", "msgspec", "pandas"}
    assert python(f"print(sorted(loaded & {heavy!r}))", tmp_path) == "[]"


def test_help_needs_neither_a_platform_nor_its_sdk(tmp_path):
    said = python(
        "shell.run_cell('%neuro help run'); print('SDK' if 'apolo_sdk' in sys.modules else 'no SDK')", tmp_path
    )
    assert "Usage: %neuro run" in said and said.endswith("no SDK")


@pytest.mark.parametrize("name", ["neuro", "apolo"])
def test_both_names_are_line_and_cell_magics(tmp_path, name):
    assert python(f"print(all('{name}' in shell.magics_manager.magics[kind] for kind in ('line', 'cell')))", tmp_path)


def test_loading_twice_completes_once(tmp_path):
    code = "shell.run_line_magic('reload_ext', 'jupyter_neuro'); print(len(shell.Completer.custom_matchers))"
    assert python(code, tmp_path) == "1"


def test_python_code_has_the_same_verbs(tmp_path):
    said = python("from jupyter_neuro import neuro; print(neuro.help('ps')); print('acl_ls' in dir(neuro))", tmp_path)
    assert "Usage: %neuro ps" in said and said.endswith("True")


def test_undefined_names_in_the_package_stay_errors(tmp_path):
    with pytest.raises(AssertionError, match="AttributeError: nothing"):
        python("import jupyter_neuro; jupyter_neuro.nothing", tmp_path)
