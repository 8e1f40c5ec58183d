#!/bin/sh
# Usage: lost_wakeups.sh BUILD-FOLDER
#
# Shows that check_schedules finds a missing wake: for each wake of the engine,
# builds the engine without the wake, and the schedules must reach a deadlock.
# Also shows that check_schedules finds a wait that does not check its condition
# again after a wakeup.
# Prints "N passed, N failed" at the end.
set -eu
cd "$(dirname "$0")/../../.."
build=$1
lost=$build/lost
passed=0
failed=0
names=
unset MAKEFLAGS MAKELEVEL
# A run ends at the first deadlock; a sixth of the schedules suffices for it.
export CK_FORK=no CK_RUN_CASE=dumps SCHEDULE_PART=6

# change NAME FUNCTION WHAT SED: copies a file of the engine, and changes one
# line of a function in the copy.
change() {
	file=$(grep -l "^[a-z].*[ *]$2(.*[^;]\$" splitter/engine/*.c)
	sed "/^[a-z].*[ *]$2(/,/^}/ $4" "$file" > "$lost/$1.c.new"
	if [ "$(diff "$file" "$lost/$1.c.new" | grep -c '^>')" -ne 1 ]
	then
		echo "$2 has no line, or more than one: $3" >&2
		exit 2
	fi
	cmp -s "$lost/$1.c.new" "$lost/$1.c" || mv "$lost/$1.c.new" "$lost/$1.c"
	names="$names $1"
}

# lose NAME FUNCTION STATEMENT: removes this line from the copy.
lose() {
	change "$1" "$2" "$3;" "s/^\(	*\)$3;\$/\1{ }/"
}

# look_once FUNCTION: makes the copy check its condition only once.
look_once() {
	change "once_$1" "$1" "while (" "s/^	while (/	if (/"
}

mkdir -p "$lost"
lose accepted_for_tape     engine_commit 'wake_tape(e)'
lose accepted_for_spool    engine_commit 'wake_spool(e)'
lose eof_for_tape          engine_eof    'wake_tape(e)'
lose eof_for_spool         engine_eof    'wake_spool(e)'
lose stop_for_tape         stop          'wake_tape(e)'
lose stop_for_producer     stop          'sync_signal(&e->room)'
lose progress_for_producer engine_on_progress 'wake_producer(e)'
lose step_for_producer     step_done      'wake_producer(e)'
lose step_for_spool        step_done      'wake_spool(e)'
lose spooled_for_producer  engine_spool_thread 'wake_producer(e)'
lose spooled_for_tape      engine_spool_thread 'wake_tape(e)'
lose end_for_producer      engine_tape_thread 'wake_producer(e)'
lose end_for_spool         engine_tape_thread 'wake_spool(e)'
lose end_is_set            engine_tape_thread 'e->ended = true'
lose no_tape_for_spool     end_spool     'wake_spool(e)'
lose no_tape_end_is_set    end_spool     'e->ended = true'
look_once next_step
look_once next_blocks
look_once engine_reserve

programs=
for name in $names; do
	programs="$programs $lost/$name"
done
make -s --no-print-directory B="$build" $programs

for name in $names; do
	case $name in
	once_*) sign='^deadlock\|Assertion\|:F:dumps:' ;;
	*)      sign='^deadlock' ;;
	esac
	if "$lost/$name" > "$lost/$name.out" 2>&1; then
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
