#!/usr/bin/env bash
# Exit 0 when the pinned packages are installed; otherwise says which are not, and exits 1.
set -euo pipefail
cd "$(dirname "$0")"
missing=""
while read -r package; do
  installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}=${Version}' "${package%%=*}" 2>/dev/null || true)
  [ "$installed" = "ii $package" ] || missing="$missing $package"
done < packages
for command in g++ python3 "${CARGO:-cargo}"; do
  command -v "$command" >/dev/null || missing="$missing $command"
done
if [ -n "$missing" ]; then
  echo "missing for the on-chain build:$missing; run programs/toolchain/setup.sh as root on Debian 12" >&2
  exit 1
fi
