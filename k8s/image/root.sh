# Runs a program with a folder as its root, with /proc, and with /dev if the folder has it, as UID if this is root:
# in_root ROOT UID PROGRAM ARGUMENT...
in_root() {
  in_root_at=$1
  in_root_as=--userspec=$2:$2
  shift 2
  in_root_map=
  [ "$(id -u)" = 0 ] || {
    in_root_map=--map-root-user
    in_root_as=
  }
  # shellcheck disable=SC2016,SC2086 # for the inner shell; an option or none
  exec env -i MALLOC_ARENA_MAX=1 PATH="$PATH" unshare --mount $in_root_map sh -c '
    at=$1 as=$2; shift 2
    mount --rbind /proc "$at/proc" && { [ ! -d "$at/dev" ] || mount --rbind /dev "$at/dev"; } && exec chroot $as "$at" "$@"' in_root "$in_root_at" "$in_root_as" "$@"
}

# The CPU architecture of this machine, as images name it.
machine() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# The emulator of another CPU architecture: emulator_of ARCH.
emulator_of() {
  case $1 in
    amd64) command -v qemu-x86_64-static ;;
    arm64) command -v qemu-aarch64-static ;;
    *) return 1 ;;
  esac
}
