"""Run Postgres as nobody if we are root, as which it refuses to run, without opening any folder to other users.

1. `setpriv` gives the process nobody's ids but lets it keep the right to pass folder permissions, so programs and data
   may lie below a private home such as root's. `no_setuid_fixup` matters: without it access(2), which initdb uses,
   answers by nobody's rights alone.
2. If that is not allowed (few capabilities, not Linux), the programs are copied to a public place and run as nobody;
   then the user nobody must be able to reach the data folder.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from asynctask_standalone.stores.errors import StoreError

COPIES = Path("/var/lib/asynctask")
_SETPRIV = (
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
)
# The same question as initdb's: access(2), by the real ids.
_PROBE = "import os, sys; sys.exit(not all(os.access(path, os.R_OK | os.X_OK) for path in sys.argv[1:]))"

# Not `user=` of subprocess: that forks, and in a fork of a process that uses gRPC, gRPC's fork handlers start threads,
# which crash when the child closes their files before it executes the program.
_BECOME = (
    "import os, sys; os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[1])); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start the programs of one Postgres: `[*prefix, programs / "postgres", …]`, by `owner` if there is one."""

    programs: Path
    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None
    """User and group that must own the data folder; None means our own."""

    def own(self, path: Path) -> None:
        """Give `path` to the user that runs Postgres."""
        if self.owner:
            os.chown(path, *self.owner)

    def command(self, program: str, *arguments: str) -> list[str]:
        """Give the command line of one of the programs."""
        return [*self.prefix, str(self.programs / program), *arguments]


def launch_for(programs: Path, data: Path) -> Launch:
    """Choose how to run `programs` on the existing folder `data`.

    Raises:
        StoreError: we are root, and cannot run the programs as another user; the message says what would work.
    """
    if os.geteuid() != 0:
        return Launch(programs)
    nobody = pwd.getpwnam("nobody")
    owner = (nobody.pw_uid, nobody.pw_gid)
    setpriv = shutil.which("setpriv")
    if setpriv:
        prefix = (setpriv, f"--reuid={owner[0]}", f"--regid={owner[1]}", *_SETPRIV)
        if _passes(
            [*prefix, sys.executable, "-I", "-c", _PROBE, str(programs / "postgres"), str(data.parent)]
        ):
            return Launch(programs, prefix, owner)
    blocked = next((folder for folder in data.parent.parents if not folder.stat().st_mode & 0o001), None)
    if blocked:
        raise StoreError(
            f"Postgres cannot run as root, and as nobody it cannot enter {blocked} to reach {data}: "
            "choose a data folder below one that everybody may enter, or start as an ordinary user"
        )
    prefix = (sys.executable, "-I", "-c", _BECOME, *map(str, owner))
    launch = Launch(_public_copy(programs), prefix, owner)
    launch.own(data.parent)
    return launch


def check_name() -> None:
    """Refuse a user id without a name, as in some containers: initdb would refuse it with a message that helps less.

    Raises:
        StoreError: our user id has no name; the message says what would work.
    """
    user_id = os.geteuid()
    try:
        pwd.getpwuid(user_id)
    except KeyError:
        raise StoreError(
            f"Postgres cannot be set up as user id {user_id}, which has no name on this machine: "
            "add it to /etc/passwd, start as another user, or use a Postgres of your own (--postgres-url)"
        ) from None


def _passes(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _public_copy(programs: Path) -> Path:
    """Copy bin, lib, share and the packaged libraries (found relative to bin) to where every user may read them."""
    install = programs.parent
    if all(folder.stat().st_mode & 0o005 == 0o005 for folder in (programs, *programs.parents)):
        return programs
    libraries = install.parent.with_name(install.parent.name + ".libs")
    key = hashlib.sha256(f"{install}:{(programs / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = COPIES / f"postgres-{key}"
    if not target.is_dir():
        building = COPIES / f".postgres-{key}.{os.getpid()}"
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        COPIES.chmod(0o755)
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                install / part, building / install.parent.name / install.name / part, symlinks=True
            )
        if libraries.is_dir():
            shutil.copytree(libraries, building / libraries.name, symlinks=True)
        for folder, _, files in os.walk(building):
            Path(folder).chmod(0o755)
            for file in files:
                path = Path(folder, file)
                if not path.is_symlink():
                    path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        building.rename(target)
    return target / install.parent.name / install.name / "bin"
