#!/bin/sh
# Usage: lost_wakeups.sh BUILD-FOLDER
#
# Shows that check_schedules finds a missing wake: without it, the schedules must
# reach a deadlock.  Also shows that check_schedules finds a wait that does not
# check its condition again after a wakeup.
#
# All these faults are in one program, in copies of the engine's files.  The
# variable LOST names the one that it has.
# Prints "N passed, N failed" at the end.
set -eu
cd "$(dirname "$0")/../../.."
build=$1
lost=$build/lost_wakeups
passed=0
failed=0
names=
unset MAKEFLAGS MAKELEVEL
# A run ends at the first deadlock; a sixth of the schedules suffices for it.
export CK_FORK=no SCHEDULE_PART=6

# change NAME CASE FUNCTION WHAT SED: changes one line of a function in the
# copies.  The schedules of this test case find it.
change() {
	file=$(grep -l "^[a-z].*[ *]$3(.*[^;]\$" "$lost"/*.c)
	sed "/^[a-z].*[ *]$3(/,/^}/ $5" "$file" > "$lost/changed"
	if [ "$(diff "$file" "$lost/changed" | grep -c '^>')" -ne 1 ]
	then
		echo "$3 has no line, or more than one: $4" >&2
		exit 2
	fi
	mv "$lost/changed" "$file"
	names="$names $1:$2"
}

# lose NAME CASE FUNCTION STATEMENT: with LOST=NAME, this line does nothing.
lose() {
	change "$1" "$2" "$3" "$4;" "s/^\(	*\)\($4;\)\$/\1if (!lost(\"$1\")) \2/"
}

# look_once CASE FUNCTION: with LOST=once_FUNCTION, it checks its condition once.
look_once() {
	change "once_$2" "$1" "$2" "while (" "s/^	while (\(.*\))\( {\)*\$/\
	for (bool first = true; (first || !lost(\"once_$2\")) \&\& (\1); \
first = false)\2/"
}

rm -rf "$lost"
mkdir -p "$lost"
for file in splitter/engine/*.c; do
	{
		echo '#include "splitter/engine/tests/lost.h"'
		cat "$file"
	} > "$lost/${file##*/}"
done
lose accepted_for_tape     dumps engine_commit 'wake_tape(e)'
lose accepted_for_spool    spool engine_commit 'wake_spool(e)'
lose eof_for_tape          dumps engine_eof 'wake_tape(e)'
lose eof_for_spool         spool engine_eof 'wake_spool(e)'
lose stop_for_tape         dumps stop 'wake_tape(e)'
lose stop_for_producer     dumps stop 'sync_signal(&e->room)'
lose progress_for_producer dumps engine_on_progress 'wake_producer(e)'
lose step_for_producer     spool step_done 'wake_producer(e)'
lose step_for_spool        spool step_done 'wake_spool(e)'
lose spooled_for_producer  spool engine_spool_thread 'wake_producer(e)'
lose spooled_for_tape      spool engine_spool_thread 'wake_tape(e)'
lose end_for_producer      dumps engine_tape_thread 'wake_producer(e)'
lose end_for_spool         spool engine_tape_thread 'wake_spool(e)'
lose end_is_set            dumps engine_tape_thread 'e->ended = true'
lose no_tape_for_spool     ends  end_spool 'wake_spool(e)'
lose no_tape_end_is_set    ends  end_spool 'e->ended = true'
look_once dumps next_step
look_once spool next_blocks
look_once dumps engine_reserve

make -s --no-print-directory B="$build" "$lost/check_schedules"

for fault in $names; do
	name=${fault%:*}
	case $name in
	once_*) sign='^deadlock\|Assertion\|:F:' ;;
	*)      sign='^deadlock' ;;
	esac
	if LOST=$name CK_RUN_CASE=${fault#*:} "$lost/check_schedules" > "$lost/$name.out" 2>&1; then
		echo "$name: not found"
		failed=$((failed + 1))
	elif grep -m 1 "$sign" "$lost/$name.out" > "$lost/$name.found"; then
		echo "$name: $(cat "$lost/$name.found")"
		passed=$((passed + 1))
	else
		echo "$name: found, but not as it should be"
		cat "$lost/$name.out"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
