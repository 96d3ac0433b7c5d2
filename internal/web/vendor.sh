#!/usr/bin/env bash
# Fetches what the pages and their tests take from others, and checks it against
# the checksums here: run it after changing a version (go generate). Nothing of
# this is needed to build: the files are in the repository.
#
#   uPlot     draws the charts           assets/vendor          MIT
#   axe-core  looks for barriers in the pages, in tests only    testdata/axe  MPL-2.0
set -euo pipefail
cd "$(dirname "$0")"

# fetch PACKAGE VERSION SHA256 FOLDER FILE…
fetch() {
	local package=$1 version=$2 sum=$3 folder=$4 file
	shift 4
	curl -fsSL -o "$tmp/p.tgz" "https://registry.npmjs.org/$package/-/$package-$version.tgz"
	echo "$sum  $tmp/p.tgz" | sha256sum -c --quiet ||
		{ echo "vendor.sh: $package $version is not what it was: do not use it" >&2; exit 1; }
	mkdir -p "$folder"
	for file; do
		tar -xzf "$tmp/p.tgz" -O "package/$file" >"$folder/$(basename "$file")"
	done
	printf '%s %s\n' "$package" "$version" >"$folder/VERSION"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fetch uplot 1.6.32 4b8a8191e425658e3ea8c8c1314b0fc679c861ee3a1af2b20c7b16ba50b5133d \
	assets/vendor LICENSE dist/uPlot.iife.min.js dist/uPlot.min.css
fetch axe-core 4.14.1 e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745 \
	testdata/axe LICENSE LICENSE-3RD-PARTY.txt axe.min.js
