#!/bin/sh
# Runs systemd as pid 1 of namespaces of its own until standard input is closed.
#
#   systemd-container.sh <directory> <Java home>
#
# The network is this machine's. The file system is not: its root is a tmpfs, in which
# this machine's programs can only be read, and <directory>/app is /srv/my-app. Nobody
# else sees what is mounted. The variable GOZD_IT_SYSTEMD names a folder with another
# system, as debootstrap makes it, whose programs are taken instead. Needs root, and a
# kernel with cgroup2, whatever is mounted of that: on a machine with cgroups of the first
# version systemd has no controllers.
set -eu
# They come to every process of a terminal, and systemd must not outlive its watcher.
trap '' HUP INT TERM

# In a mount namespace of its own: a control group, for systemd to be the root of, and
# what is to happen at the end.
group() {
	group=$1/root/gozd-it.$$
	mount -t cgroup2 cgroup2 "$1/root"
	mkdir "$group"
	sh -euc 'echo $$ >"$1"; shift; exec "$@"' sh "$group/cgroup.procs" \
		unshare --fork --kill-child --pid --mount --ipc --uts --cgroup \
		sh "$0" "$1" "$2" boot </dev/null &
	unshare=$!
	{
		cat >/dev/null
		# With pid 1 goes all that it has started.
		kill -KILL $(cat "/proc/$unshare/task/$unshare/children") || kill -KILL "$unshare"
	} <&3 &
	watcher=$!
	wait "$unshare" || code=$?
	kill -KILL "$watcher" 2>/dev/null || :
	find "$group" -depth -type d -exec rmdir {} +
	exit "${code:-0}"
}

# A directory that is there under another name, and that nobody can change there.
readable() {
	mkdir -p ".$1"
	mount --bind "$2" ".$1"
	mount -o remount,bind,ro ".$1"
}

# As pid 1: makes the root, moves into it, and becomes systemd.
boot() {
	root=$1/root
	system=${GOZD_IT_SYSTEMD:-}
	mount --make-rprivate /
	mount -t tmpfs -o mode=0755 gozd-it "$root"
	cd "$root"
	mkdir -p dev etc/systemd/system old proc root run srv/my-app sys tmp var/tmp ".$1/app"
	chmod 1777 tmp var/tmp
	case $system$2 in
	/usr/*) ;;
	# Else it has no place there.
	*) mkdir -p "$system$2" ;;
	esac
	readable /usr "$system/usr"
	for directory in /bin /sbin /lib /lib32 /lib64 /libx32; do
		if [ -L "$system$directory" ]; then
			cp -P "$system$directory" .
		elif [ -d "$system$directory" ]; then
			readable $directory "$system$directory"
		fi
	done
	case $system$2 in
	/usr/*) ;;
	*) readable "$2" "$2" ;;
	esac

	for file in "$system"/etc/alternatives /etc/java* "$system"/etc/ld.so.* "$system"/etc/nsswitch.conf /etc/pki \
		"$system"/etc/ssl; do
		[ ! -e "$file" ] || cp -a "$file" etc/
	done
	printf '%s\n' root:x:0:0::/root:/bin/sh www:x:33:33::/:/bin/false nobody:x:65534:65534::/:/bin/false >etc/passwd
	printf '%s\n' root:x:0: www:x:33: nogroup:x:65534: >etc/group
	echo ID=gozd-it >etc/os-release
	for target in basic final multi-user network paths shutdown slices sockets sysinit timers umount; do
		cp "$system/lib/systemd/system/$target.target" etc/systemd/system/
	done

	mount -t proc proc proc
	mount --bind proc/sys proc/sys
	mount -o remount,bind,ro proc/sys
	mount -t sysfs -o ro sysfs sys
	mount -t cgroup2 cgroup2 sys/fs/cgroup
	mount -t tmpfs -o mode=0755 tmpfs run
	mount -t tmpfs -o mode=0755 tmpfs dev
	for device in full null random urandom zero; do
		touch dev/$device
		mount --bind /dev/$device dev/$device
	done
	mkdir -m 1777 dev/shm
	chown 33:33 "$1/app"
	mount --bind "$1/app" ".$1/app"
	mount --bind "$1/app" srv/my-app

	pivot_root . old
	cd /
	umount -l /old
	rmdir /old
	# It empties temporary folders: never those of this machine.
	[ "$(stat -f -c %T /)" = tmpfs ] && [ "$(. /etc/os-release && echo $ID)" = gozd-it ]
	exec env -i container=gozd-it PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		SYSTEMD_UNIT_PATH=/etc/systemd/system \
		/lib/systemd/systemd --system --unit=basic.target --show-status=no --log-target=null
}

case ${3:-} in
'') exec unshare --mount sh "$0" "$1" "$2" group ;;
group) exec 3<&0; group "$@" ;;
boot) boot "$@" ;;
esac
