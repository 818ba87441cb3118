# Sourced by the other scripts: finds the toolchain, installs what is missing, builds. Prints only what a person has to know.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What the program is built with and runs with.
program_packages=(libmagic-dev libarchive-dev zlib1g-dev libzstd-dev libisal-dev libexpat1-dev nettle-dev libseccomp-dev libsqlite3-dev libpq-dev libssl-dev libmicrohttpd-dev libcurl4-openssl-dev)
# What the tests run besides: other programs that write archives, and the tracer that injects faults and lists system calls.
test_packages=(python3-venv xz-utils strace binutils zip unzip p7zip-full libarchive-tools python3 sqlite3 postgresql qpdf)
# Several nodes on one machine; the object store is in Tests/ClientTests/requirements.txt.
cluster_packages=(postgresql nginx-light python3 python3-venv gcc)
# Clients of the endpoint and what stands in front of it; those from PyPI are in Tests/ClientTests/requirements.txt.
client_packages=(curl python3 python3-venv chromium chromium-driver nginx-light caddy openssl systemd gcc)

say() { printf '%s\n' "$*" >&2; }

need_swift() {
    if ! command -v swift >/dev/null 2>&1; then
        say "Sluice needs the Swift toolchain, 6.2 or newer, and no 'swift' is on the PATH: install it from swift.org, then run this again."
        exit 2
    fi
}

# need_packages NAME…: installs those Debian packages that are not there yet.
need_packages() {
    local missing=() name installed
    installed=$(dpkg-query -W -f='${Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^install ok installed //p') || true
    for name in "$@"; do
        grep -qxF "$name" <<<"$installed" || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if ! command -v apt-get >/dev/null 2>&1; then
        say "Sluice needs these libraries, under the names that Debian gives them: ${missing[*]}. Install them, then run this again."
        exit 2
    fi
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    say "Installing ${missing[*]} …"
    if ! { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" ||
        { "${root[@]}" apt-get update -q &&
            "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}"; }; } >"$project/.build/packages.log" 2>&1
    then
        tail -n 5 "$project/.build/packages.log" >&2
        say "The packages could not be installed; the whole output is in .build/packages.log."
        exit 2
    fi
}

# need_clients: the clients from PyPI, in a folder of their own that is made anew when their list changes.
need_clients() {
    local clients="$project/.build/clients" list="$project/Tests/ClientTests/requirements.txt"
    cmp -s "$list" "$clients/installed.txt" && return
    say "Installing the clients …"
    rm -rf "$clients"
    if ! { python3 -m venv "$clients" && "$clients/bin/pip" install -q -r "$list"; } >"$project/.build/clients.log" 2>&1; then
        tail -n 5 "$project/.build/clients.log" >&2
        say "The clients could not be installed; the whole output is in .build/clients.log."
        return 2
    fi
    cp "$list" "$clients/installed.txt"
}

# build_release: builds the programs with the standard library linked in, and sets $sluice. Nothing is run when nothing has changed.
build_release() {
    mkdir -p "$project/.build"
    need_swift
    need_packages "${program_packages[@]}"
    local bin="$project/.build/release"
    sluice="$bin/sluice"
    if [ -x "$sluice" ] && [ -x "$bin/sluice-inspector" ] &&
        [ -z "$(find "$project/Sources" "$project/Package.swift" -newer "$bin/.complete" -print -quit 2>/dev/null || echo changed)" ]
    then
        return
    fi
    say "Building Sluice; the first time takes a few minutes …"
    local started
    started=$(mktemp "$project/.build/started.XXXXXX")
    for product in sluice sluice-inspector; do
        build_product "$product" || { rm -f "$started"; exit 2; }
    done
    mv "$started" "$bin/.complete"
}

# build_product NAME: one program as it is installed; fails with the errors where it cannot be built.
build_product() {
    if ! swift build --package-path "$project" -c release --static-swift-stdlib --product "$1" >"$project/.build/build.log" 2>&1; then
        grep -E 'error|warning: unable' "$project/.build/build.log" | head -n 20 >&2
        say "The build failed; the whole output is in .build/build.log."
        return 2
    fi
}
