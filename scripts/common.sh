# What the scripts share; to be sourced.
# shellcheck shell=bash

root="$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")"

# So that another clone finds what this one has compiled: paths inside the clone do not count.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

# From the package frozen-bubble-data.
export song_folder=/usr/share/games/frozen-bubble/snd
export default_song=$song_folder/frozen-mainzik-1p.ogg

# The comment at the head of a script is its help.
usage() {
    sed -n '2,/^set /{/^set /!s/^# \{0,1\}//p}' "$1"
    exit "${2:-0}"
}

# build PRESET [TARGET...]: configures once and builds; silent where it worked. The log stays in the build folder.
build() {
    local preset=$1
    local folder=$root/build/$preset
    shift
    mkdir -p "$folder"
    if [[ ! -f $folder/build.ninja ]]; then
        echo "configuring $preset"
        if ! (cd "$root" && cmake --preset "$preset") >"$folder/configure.log" 2>&1; then
            cat "$folder/configure.log" >&2
            return 1
        fi
    fi
    # On a terminal, ninja keeps to one line that it writes again and again; elsewhere that would be hundreds.
    if [[ -t 1 ]]; then
        NINJA_STATUS="building $preset [%f/%t] " ninja -C "$folder" "$@"
    else
        echo "building $preset"
        ninja -C "$folder" --quiet "$@"
    fi
}
