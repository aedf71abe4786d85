#!/usr/bin/env bash
# Builds the image and runs it where there is no Docker engine, as root on a Debian:
#
#   apt-get install buildah debootstrap && deploy/try_image.sh [FOLDER]
#
# buildah builds (vfs, chroot isolation) over a base that debootstrap makes in place of
# python:3.13-slim. The image then runs as a container engine would run it with the compose file's
# options: a root that is read-only, no capability, no new privileges, tmpfs on /tmp, a volume
# for what is written. What is not shown here: a container network of its own, seccomp, cgroups,
# the HEALTHCHECK's clock (its command is run), and the compose file itself.
#
# FOLDER keeps the base between two calls; without one all is thrown away. Pip's settings are
# handed over as build secrets: those of this machine, so that its index and its certificates
# count. SUITE is the Debian to take (bookworm), MIRROR where it is fetched from.
set -euo pipefail
cd "$(dirname "$0")/.."

work=${1:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)
python=${PYTHON:-.venv/bin/python}
suite=${SUITE:-bookworm}
base=localhost/linkwell-base:$suite
image=localhost/linkwell:tried

tool() { buildah --root "$work/images" --runroot "$work/run" --storage-driver vfs "$@"; }
as_postgres() { setpriv --reuid postgres --regid postgres --clear-groups "$binaries/$1" "${@:2}"; }
step() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
skipped=()
binaries=$(find /usr/lib/postgresql -path '*/bin/initdb' -printf '%h\n' 2> /dev/null | sort -V | tail -1)

for command in buildah debootstrap unshare setpriv; do
    command -v "$command" > /dev/null || fail "$command is missing: apt-get install buildah debootstrap util-linux"
done
[ "$(id -u)" = 0 ] || fail "this needs root: debootstrap makes device files"

container='' world='' daemon='' database=''
# shellcheck disable=SC2317  # called by the trap
tidy() {
    [ -z "$daemon" ] || kill -KILL $(pgrep -P "$daemon") 2> /dev/null || true # ends unshare too
    [ -z "$database" ] || as_postgres pg_ctl -D "$database/cluster" -m immediate stop > /dev/null || true
    [ -z "$world" ] || kill "$world" 2> /dev/null || true
    [ -z "$container" ] || tool rm "$container" > /dev/null || true
    [ -n "${given:-}" ] || rm -rf "$work"
}
given=${1:-}
trap tidy EXIT

step "a base: Debian $suite with Python"
if tool inspect --type image "$base" > /dev/null 2>&1; then
    echo "is there from before"
else
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates,tzdata \
        "$suite" "$work/base" ${MIRROR:+"$MIRROR"} > "$work/debootstrap.log" \
        || { tail -5 "$work/debootstrap.log"; fail "debootstrap"; }
    container=$(tool from scratch)
    tool add -q "$container" "$work/base" / > /dev/null
    tool commit -q --format docker --rm "$container" "$base" > /dev/null
    container=''
    rm -rf "$work/base"
fi

step "the build"
certificates=$(python3 -m pip config get global.cert 2> /dev/null || true)
index=$(python3 -m pip config get global.index-url 2> /dev/null || true)
cp "${certificates:-/etc/ssl/certs/ca-certificates.crt}" "$work/ca.pem"
{
    printf '[global]\ncert = /run/secrets/ca.pem\n'
    [ -z "$index" ] || printf 'index-url = %s\n' "$index"
} > "$work/pip.conf"
began=$SECONDS
tool build --isolation chroot --format docker --build-arg "BASE=$base" \
    --secret "id=pip.conf,src=$work/pip.conf" --secret "id=ca.pem,src=$work/ca.pem" \
    --tag "$image" . > "$work/build.log" 2>&1 || { tail -20 "$work/build.log"; fail "the build"; }
echo "took $((SECONDS - began)) s"
tool rmi --prune > /dev/null 2>&1 || true # those of earlier calls
tool images --format '{{.Name}}:{{.Tag}} {{.Size}}'

container=$(tool from "$image")
root=$(tool mount "$container")
said() { tool inspect --format "$1" "$container"; }

step "what the image says of itself"
[ "$(said '{{.OCIv1.Config.User}}')" = 10001:10001 ] || fail "it does not run as 10001"
said '{{.Docker.Config.Healthcheck}}' | grep -q healthy.py || fail "it has no health check"
[ ! -e "$root/run/secrets/ca.pem" ] || fail "a build secret is in the image"
for each in gcc cc c++ make git curl wget pip uv; do
    found=$(find "$root/usr/bin" "$root/usr/local/bin" "$root/opt" -name "$each" 2> /dev/null)
    [ -z "$found" ] || echo "there is a $each: $found (of the base?)"
done
echo "user 10001, a health check, no build secret"

step "buildah run: linkwell --version"
tool run --isolation chroot "$container" -- linkwell --version

# As `docker run --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp
# -v state:/var/lib/linkwell -v lent:/etc/linkwell:ro` would have it; VARIABLE=VALUE before `--`.
mkdir -p "$work/state" "$work/lent"
chown 10001:10001 "$work/state"
mapfile -t image_variables < <(said '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' | grep '=')
inside() { (become "$@"); } # inside VARIABLE=VALUE ... -- COMMAND ...
become() {
    local variables=("${image_variables[@]}")
    while [ "$1" != -- ]; do variables+=("$1"); shift; done
    shift
    # shellcheck disable=SC2016  # the inner shell expands them
    exec unshare --mount --pid --fork --kill-child --uts --ipc sh -euc '
        root=$1 work=$2; shift 2
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --bind /dev "$root/dev"
        mount -t tmpfs -o nosuid,nodev,size=64m tmpfs "$root/tmp"
        mount --bind "$work/state" "$root/var/lib/linkwell"
        mount --bind -o ro "$work/lent" "$root/etc/linkwell"
        mount -o remount,bind,ro "$root/etc/linkwell"
        mount -o remount,bind,ro "$root"
        exec env -i "$@"' sh "$root" "$work" "${variables[@]}" \
        chroot "$root" setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs \
        --bounding-set=-all --inh-caps=-all "$@"
}

step "a read-only root, as nobody in particular"
inside -- sh -c 'id -u; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status'
inside -- sh -c '! touch /x /opt/linkwell/x /etc/linkwell/x 2> /dev/null' || fail "the root can be written"
inside -- sh -c 'touch /tmp/x /var/lib/linkwell/x && rm /var/lib/linkwell/x' || fail "the volume cannot be written"
inside -- linkwell --version
inside -- linkwell --help > /dev/null
inside -- linkwell check --help > /dev/null
inside -- linkwell watch --help > /dev/null

step "the configurations that the compose file lends"
cp deploy/containers/sqlite/config.yaml "$work/lent/config.yaml"
inside -- linkwell config check --config /etc/linkwell/config.yaml
cp deploy/containers/postgresql/config.yaml "$work/lent/config.yaml"
printf 'a pass/word\n' > "$work/lent/database_password"
inside DATABASE_PASSWORD_FILE=/etc/linkwell/database_password -- \
    linkwell config check --config /etc/linkwell/config.yaml
inside -- python -c 'import psycopg; print("psycopg", psycopg.__version__, psycopg.pq.__impl__)'

if ! "$python" -c 'import tests.world.server' 2> /dev/null; then
    skipped+=("a check in the test world, the daemon: $python cannot run it (make test installs what it needs)")
else
    step "a check in the test world"
    coproc WORLD { exec "$python" -m tests.world --course; }
    world=$WORLD_PID
    read -r -t 30 -u "${WORLD[0]}" line || fail "the world did not start"
    get() { python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$line" "$1"; }
    proxy=$(get proxy)
    cp "$(get ca_file)" "$work/lent/ca.pem"
    chmod 0644 "$work/lent/ca.pem"
    page=$("$python" -c 'from tests.world.course.page import BASE_URL; print(BASE_URL)')
    sed "s|https://www.example.org/|$page|" deploy/containers/sqlite/config.yaml \
        > "$work/lent/config.yaml"
    around=("HTTP_PROXY=$proxy" "HTTPS_PROXY=$proxy" SSL_CERT_FILE=/etc/linkwell/ca.pem)
    code=0
    inside "${around[@]}" -- linkwell check --config /etc/linkwell/config.yaml || code=$?
    [ "$code" = 1 ] || fail "the course page has broken links, and the check ended with $code"
    ls -ln "$work/state" "$work/state/reports/latest/"

    if [ -z "$binaries" ]; then
        skipped+=("a check with PostgreSQL: no PostgreSQL here (apt-get install postgresql)")
    else
        step "a check with PostgreSQL, as the compose file has it; its password from a file"
        database=$(mktemp -d)
        port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
        chown postgres "$database"
        cp "$work/lent/database_password" "$database/password"
        chmod 0644 "$database/password"
        as_postgres initdb -D "$database/cluster" -U linkwell --pwfile "$database/password" \
            --auth scram-sha-256 > "$work/initdb.log"
        as_postgres pg_ctl -D "$database/cluster" -w -l "$database/log" \
            -o "-c listen_addresses=127.0.0.1 -p $port -k $database" start > /dev/null
        PGPASSWORD=$(cat "$database/password") "$binaries/createdb" -h 127.0.0.1 -p "$port" -U linkwell linkwell
        sed -e "s|https://www.example.org/|$page|" -e "s|@database/|@127.0.0.1:$port/|" \
            deploy/containers/postgresql/config.yaml > "$work/lent/config.yaml"
        code=0
        inside "${around[@]}" DATABASE_PASSWORD_FILE=/etc/linkwell/database_password -- \
            linkwell check --config /etc/linkwell/config.yaml > "$work/postgresql.log" 2>&1 || code=$?
        tail -3 "$work/postgresql.log"
        [ "$code" = 1 ] || fail "the course page has broken links, and the check ended with $code"
        inside "${around[@]}" DATABASE_PASSWORD_FILE=/etc/linkwell/database_password -- \
            linkwell check --due --config /etc/linkwell/config.yaml || fail "check --due: $?"
        as_postgres pg_ctl -D "$database/cluster" -m fast stop > /dev/null
        rm -rf "$database"
        database=''
        sed "s|https://www.example.org/|$page|" deploy/containers/sqlite/config.yaml \
            > "$work/lent/config.yaml"
    fi

    step "the daemon: /healthz by the image's health check, SIGHUP, SIGTERM"
    if python3 deploy/healthy.py > /dev/null; then fail "port 9100 is somebody else's"; fi
    become "${around[@]}" -- linkwell watch --config /etc/linkwell/config.yaml \
        > "$work/daemon.log" 2>&1 &
    daemon=$!
    well=''
    for _ in $(seq 60); do
        if well=$(python3 deploy/healthy.py); then break; fi
        sleep 0.5
    done
    inside -- python /opt/linkwell/healthy.py || { cat "$work/daemon.log"; fail "it is not well: $well"; }
    inner=$(pgrep -P "$daemon")
    kill -HUP "$inner"
    sleep 2
    began=$SECONDS
    kill -TERM "$inner"
    wait "$daemon" && code=0 || code=$?
    daemon=''
    cat "$work/daemon.log"
    [ "$code" = 0 ] || fail "the daemon ended with $code"
    echo "ended with 0 after $((SECONDS - began)) s"
    if python3 deploy/healthy.py > /dev/null; then fail "somebody answers still"; fi
fi

step "done"
for each in "${skipped[@]}"; do echo "NOT RUN: $each"; done
echo "NOT RUN: docker itself, the compose file as a whole, PostgreSQL's own image"
