"""The kernel's own initiator in the guest, open-iscsi without its daemon.

It reports residuals, and resets reach the library; QEMU's initiator does
neither.  A session lasts as long as the guest.  Its units do so, too, unless
they are removed: end the guest after the case, or run REMOVE_UNITS.
"""
NETWORK = """
for module in virtio_net crc32c_generic crc32c-cryptoapi iscsi_tcp; do
	modprobe $module
done
until [ -e /sys/class/net/eth0 ]; do sleep 0.1; done
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
"""
# log_in TARGET PORT [OPTION...]; nodes COUNT sets the nodes of changer and
# drive when the driver has bound this number of drives: those of the last one.
LOG_IN = NETWORK + """
log_in() {
	target=$1 port=$2
	shift 2
	timeout 50 iscsistart -t $target -g 1 -a 10.0.2.2 -p $port "$@"
}
nodes() {
	until [ $(ls /sys/class/scsi_tape | grep -c '^nst[0-9]*$') = $1 ] &&
		[ $(ls /sys/class/scsi_generic | wc -l) -ge $(($1 * 2)) ]
	do
		sleep 0.1
	done
	changer=$(lsscsi -g | sed -n 's,.*mediumx.* \\(/dev/sg[0-9]*\\) *$,\\1,p' |
		tail -n 1)
	C=$changer
	for word in $(lsscsi -g | grep ' tape ' | tail -n 1); do
		case $word in
		/dev/st*) N=/dev/n${word#/dev/} ;;
		/dev/sg*) S=$word ;;
		esac
	done
}
INITIATOR="-i iqn.2026-11.tapelab:guest"
"""
REMOVE_UNITS = """
for unit in /sys/class/iscsi_session/*/device/target*/*/delete; do
	[ ! -e $unit ] || echo 1 > $unit
done
"""
