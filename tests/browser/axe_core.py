"""axe-core, the accessibility checker, from the npm registry: one version, held to its digest."""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile

VERSION = "4.10.2"
INTEGRITY = ("RE3mdQ7P3FRSe7eqCWoeQ/Z9QXrtniSjp1wUjt5nRC3WIpz5rSCve6o3fsZ2aCpJtrZjSZgjwXAoTO5k4tEI0w==")


class Absent(Exception):
    """It cannot be had here; the text says why."""


def _digest(path):
    with open(path, "rb") as file:
        return base64.b64encode(hashlib.sha512(file.read()).digest()).decode()


def source(cache):
    """The text of axe.min.js; packed into `cache` by npm where it is not there yet."""
    os.makedirs(cache, exist_ok=True)
    package = os.path.join(cache, f"axe-core-{VERSION}.tgz")
    if not os.path.exists(package):
        if not shutil.which("npm"):
            raise Absent("npm is not installed")
        packed = subprocess.run(["npm", "pack", f"axe-core@{VERSION}"], cwd=cache, timeout=400,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if packed.returncode != 0 or not os.path.exists(package):
            raise Absent(f"npm could not fetch axe-core@{VERSION}")
    if _digest(package) != INTEGRITY:
        os.remove(package)
        raise AssertionError(f"axe-core@{VERSION} is not what it was: its SHA-512 differs")
    with tarfile.open(package) as archive:
        return archive.extractfile("package/axe.min.js").read().decode()
