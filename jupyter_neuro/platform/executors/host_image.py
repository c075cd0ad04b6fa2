"""What the built-in image ``this-computer`` is made of, and what has to be hidden in it.

Programs and libraries of the system, the Python environment that the platform runs in (a virtual environment
needs the Python it was made from, too), and of the system's settings those that programs need to work. All
read-only. A home directory, storage, and the platform's own files are not part of it, also where they lie inside
one of those directories.
"""

from __future__ import annotations

import ast
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir

from .environment import user_base

TOP = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
# what programs read to find libraries, names, certificates, the time and their own defaults; nothing with a password
SETTINGS = """
    alternatives bash.bashrc bash_completion.d ca-certificates ca-certificates.conf crypto-policies
    debian_version default/locale fonts gai.conf group gtk-3.0 host.conf hosts ImageMagick-6 inputrc
    java java-11-openjdk java-17-openjdk java-21-openjdk jvm ld.so.cache ld.so.conf ld.so.conf.d
    ldap/ldap.conf libnl-3 locale.alias locale.conf localtime lsb-release magic mailcap mime.types
    mke2fs.conf nanorc networks nsswitch.conf OpenCL openmpi opt os-release passwd perl pki/ca-trust
    pki/tls/cert.pem pki/tls/certs pki/tls/openssl.cnf profile profile.d protocols python3 python3.9
    python3.10 python3.11 python3.12 python3.13 python3.14 R redhat-release resolv.conf rpc services
    shells skel ssl/certs ssl/openssl.cnf ssl/cert.pem system-release terminfo timezone ucf.conf vim
    vulkan wgetrc xattr.conf
""".split()  # noqa: SIM905 - names in a row are read more easily
PERSONAL = (
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".docker",
    ".config",
    ".apolo",
    ".neuro",
    ".netrc",
    ".pypirc",
)


def system_links() -> dict[str, str]:
    """``/bin`` → ``usr/bin`` and its like, where the system has them as links."""
    return {f"/{name}": str(Path(f"/{name}").readlink()) for name in TOP if Path(f"/{name}").is_symlink()}


def system_folders() -> dict[str, str]:
    """System directories and settings: path in the job → path on this computer."""
    found = {"/usr": "/usr"}
    for name in TOP:
        path = Path(f"/{name}")
        if path.is_dir() and not path.is_symlink():
            found[str(path)] = str(path)
    for name in SETTINGS:
        path = Path("/etc") / name
        if path.exists():
            # settings are often links to places (/run, /usr/lib) that a job has not, or has otherwise
            found[str(path)] = str(path.resolve())
    for path in (Path("/sys/devices/system"), Path("/nix/store")):
        if path.is_dir():
            found[str(path)] = str(path)
    return found


def python_folders() -> list[Path]:
    """The directories of the Python environment outside the system's own, outermost only."""
    real = Path(sys.executable).resolve()
    wanted = [Path(sys.base_prefix), Path(sys.base_exec_prefix), Path(sys.prefix), Path(sys.exec_prefix)]
    if real.parent.name == "bin":
        wanted.append(real.parent.parent)
    base = user_base()
    if base is not None:
        wanted += [Path(site.getusersitepackages()), base / "bin"]
    wanted += editable_packages()
    wanted = [path for path in wanted if path.exists() and path != Path("/") and not path.is_relative_to("/usr")]
    outermost: list[Path] = []
    for path in sorted(set(wanted), key=lambda path: len(path.parts)):
        if not any(path.is_relative_to(other) for other in outermost):
            outermost.append(path)
    return outermost


def editable_packages() -> list[Path]:
    """Packages and modules that lie elsewhere and are on the path through ``pip install --editable``.

    Of a directory on the path only what can be imported is named: a project's ``.env`` or data beside its package is
    nobody else's business.
    """
    found: list[Path] = []
    for folder in {Path(path) for path in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")) if path}:
        for file in folder.glob("*.pth"):
            for line in _lines(file):
                if line and not line.startswith(("#", "import ", "import\t")):
                    found += _importable(folder / line)
        for file in folder.glob("__editable__*finder.py"):
            found += _mapped(file)
    return found


def _lines(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return []


def _importable(folder: Path) -> Iterator[Path]:
    try:
        entries = list(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.suffix in (".py", ".so") or (entry / "__init__.py").is_file():
            yield entry


def _mapped(finder: Path) -> Iterator[Path]:
    """The directories of the mapping that setuptools writes for an editable package."""
    try:
        tree = ast.parse(finder.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return
    for node in tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == "MAPPING" and isinstance(node, ast.AnnAssign):
            try:
                mapping = ast.literal_eval(node.value) if node.value else {}
            except ValueError:
                continue
            if isinstance(mapping, dict):
                yield from (Path(str(path)) for path in mapping.values())


def secrets_inside(folders: Iterable[Path], platform: Path) -> list[Path]:
    """What must not show although it lies in one of ``folders``: the platform's files, keys, a user's settings."""
    home = Path.home()
    data = Path(jupyter_data_dir())
    private = [platform, data / "neuro", data / "notebook_secret", data / "nbsignatures.db"]
    private += [Path(jupyter_runtime_dir()), *(home / name for name in PERSONAL)]
    settings = Path(jupyter_config_dir())
    if settings != Path(sys.prefix) / "etc" / "jupyter":
        private.append(settings)
    folders = [folder.resolve() for folder in folders]
    hidden = []
    for path in private:
        real = path.resolve()
        if real.exists() and any(real.is_relative_to(folder) for folder in folders):
            hidden.append(real)
    return hidden
