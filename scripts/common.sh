# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts share; sourced, never run. Everything they make is inside the project: .venv, .venv-test,
# build, out; only Debian packages are installed elsewhere.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
made=(.venv .venv-test build out)
cd "$root"

say() { printf '%s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# The user's own Python settings must not reach into the environments made here.
unset PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE VIRTUAL_ENV PIP_TARGET PIP_PREFIX
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
export PATH="$PATH:/usr/sbin:/sbin" # zic
# git may refuse a project that belongs to somebody else than who runs it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$root"
export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
# Compiled objects are kept in the project too; with a CCACHE_DIR of yours, copies of it share them.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1 CCACHE_DIR="${CCACHE_DIR:-$root/build/ccache}"

# read_list <file>...: the lines that are not comments.
read_list() { sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$@"; }

# install_packages <list>...: Debian packages; nothing is done when all are there.
install_packages() {
  local wanted missing=() package as_root=()
  mapfile -t wanted < <(read_list "$@" | sort -u)
  if ! command -v apt-get >/dev/null; then
    say "No apt-get here: these Debian packages, or what holds the same, are expected: ${wanted[*]}"
    return
  fi
  for package in "${wanted[@]}"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      missing+=("$package")
    fi
  done
  if [ "${#missing[@]}" -eq 0 ]; then
    say "Debian packages: all ${#wanted[@]} are installed"
    return
  fi
  if [ "$EUID" -ne 0 ]; then
    command -v sudo >/dev/null || die "needs Debian packages; as root, run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "Debian packages: installing ${missing[*]} (with apt-get, into the system)"
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)
  "${as_root[@]}" update || say "apt-get update failed: going on with the package lists that are there"
  "${as_root[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null ||
    die "could not install Debian packages; as root, run: apt-get install ${missing[*]}"
}

# leave_sudo <arguments of the script>: under sudo, what is made belongs to who called sudo, if the project does.
leave_sudo() {
  local uid="${SUDO_UID:-0}" entry name
  if [ "$EUID" -ne 0 ] || [ "$uid" -eq 0 ] || [ "$(stat -c %u "$root")" -ne "$uid" ]; then
    return
  fi
  entry="$(getent passwd "$uid")" || die "no user has the id $uid of SUDO_UID"
  name="${entry%%:*}"
  for directory in "${made[@]}"; do
    if [ -e "$directory" ]; then chown -R --no-dereference "$uid:$SUDO_GID" "$directory"; fi
  done
  say "Going on as $name, who called sudo"
  exec setpriv --reuid "$uid" --regid "$SUDO_GID" --init-groups \
    env -u SUDO_UID -u SUDO_GID -u SUDO_USER -u SUDO_COMMAND -u CCACHE_DIR \
    HOME="$(cut -d: -f6 <<<"$entry")" USER="$name" LOGNAME="$name" "$root/scripts/$(basename "$0")" "$@"
}

# find_python: the python3 of the PATH if it can make environments and compile for itself, else Debian's.
find_python() {
  local candidate
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" - 2>/dev/null <<'PYTHON'; then
import ensurepip, pathlib, sys, sysconfig, venv
sys.exit(sys.version_info < (3, 11) or not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())
PYTHON
      command -v "$candidate"
      return
    fi
  done
  die "found no Python 3.11 or newer with venv, ensurepip and headers (Debian: python3-venv python3-dev)"
}

# make_venv <directory> <requirements>: a virtual environment with the pinned packages; kept while they are the same.
make_venv() {
  local directory="$1" requirements="$2" stamp python
  stamp="$root $(cat scripts/requirements-*.txt | sha256sum)"
  if [ "$(cat "$directory/stamp" 2>/dev/null)" = "$stamp" ] && "$directory/bin/python" -c '' 2>/dev/null; then
    say "Python packages: $directory is up to date"
    return
  fi
  python="$(find_python)"
  say "Python packages: installing $requirements into $directory with $python ($("$python" -V))"
  rm -rf "$directory"
  "$python" -m venv "$directory"
  # Modules are compiled when they are first imported; most never are.
  "$directory/bin/python" -m pip install --quiet --no-compile --requirement "$requirements"
  printf '%s' "$stamp" >"$directory/stamp"
}

# make_wheel <venv>: build/dist/*.whl, built from the source distribution in build/dist, not from the tree.
make_wheel() {
  local python="$1/bin/python" stamp
  stamp="$("$python" -V) $(find CMakeLists.txt pyproject.toml README.md LICENSE include src python scripts/requirements-demo.txt \
    -type f -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum)"
  if [ "$(cat build/dist/stamp 2>/dev/null)" = "$stamp" ]; then
    say "cxmetrics: the wheel in build/dist is up to date"
    return
  fi
  say "cxmetrics: compiling the wheel in build/dist; the first time that takes some minutes"
  rm -rf build/dist build/sdist
  mkdir -p build/dist build/sdist
  "$python" -c 'import scikit_build_core.build as b; b.build_sdist("build/dist")' >/dev/null
  tar -xmf build/dist/cxmetrics-*.tar.gz --strip-components=1 -C build/sdist
  "$python" -m pip wheel --quiet --no-build-isolation --no-deps --wheel-dir build/dist \
    --config-settings=build-dir="$root/build/python" build/sdist
  printf '%s' "$stamp" >build/dist/stamp
}

# install_package <venv>: that wheel, into the environment.
install_package() {
  make_wheel "$1"
  if ! cmp -s build/dist/stamp "$1/stamp-package"; then
    "$1/bin/python" -m pip install --quiet --no-deps --force-reinstall build/dist/cxmetrics-*.whl
    cp build/dist/stamp "$1/stamp-package"
  fi
}
