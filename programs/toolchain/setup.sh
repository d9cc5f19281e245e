#!/usr/bin/env bash
# Debian 12, root: installs the pinned compiler for the on-chain build. cargo comes from the system, or from
# the same packages where there is none.
set -euo pipefail
cd "$(dirname "$0")"
packages=(g++ python3)
mapfile -t -O 2 packages < packages
command -v cargo >/dev/null || packages+=("cargo-web")
apt-get update -qq
if ! DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; then
  echo "the pinned versions are not to be had; put today's into $PWD/packages, rebuild, and commit both" >&2
  exit 1
fi
