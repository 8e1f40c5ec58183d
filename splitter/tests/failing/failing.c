/* failing.c: the countdown and the ledger. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "splitter/tests/failing/failing_impl.h"

static const struct {
	const char *name;
	int error;
} kinds[FAILING_KINDS] = {
	[FAILING_MEMORY] = { "memory", ENOMEM },
	[FAILING_DATABASE] = { "memory of SQLite", ENOMEM },
	[FAILING_OPEN] = { "open", EMFILE },
	[FAILING_WRITE] = { "write", ENOSPC },
	[FAILING_READ] = { "read", EIO },
	[FAILING_MAP] = { "map", ENOMEM },
	[FAILING_START] = { "start", EAGAIN },
};

static enum failing_kind chosen;
static enum failing_how how;
static unsigned long nth; /* 0: nothing fails */
static atomic_ulong calls[FAILING_KINDS];
static atomic_bool any_failed;
static atomic_long allocations, mappings, threads;

void failing_begin(enum failing_kind kind, enum failing_how manner,
    unsigned long number)
{
	int i;

	for (i = 0; i < FAILING_KINDS; i++)
		atomic_store(&calls[i], 0);
	atomic_store(&any_failed, false);
	chosen = kind;
	how = manner;
	nth = number;
}

bool failing_end(void)
{
	nth = 0;
	return atomic_load(&any_failed);
}

unsigned long failing_calls(enum failing_kind kind)
{
	return atomic_load(&calls[kind]);
}

void failing_held(struct failing_ledger *held)
{
	held->allocations = atomic_load(&allocations);
	held->mappings = atomic_load(&mappings);
	held->threads = atomic_load(&threads);
}

const char *failing_kind_name(enum failing_kind kind)
{
	return kinds[kind].name;
}

bool failing_named(enum failing_kind kind, const char *message)
{
	/*
	 * SQLite reports some failures in other words: for instance, it opens a
	 * file again read-only.
	 */
	static const char *const others[FAILING_KINDS][3] = {
		[FAILING_OPEN] = { "write-protected", "No such file" },
		[FAILING_WRITE] = { "is full" },
		[FAILING_READ] = { "damaged", "cannot be read",
		    "disk I/O error" },
	};
	int error = kinds[kind].error, i;

	if (strstr(message, error == ENOMEM ? "memory" : strerror(error)) !=
	    NULL)
		return true;
	for (i = 0; i < 3; i++)
		if (others[kind][i] != NULL &&
		    strstr(message, others[kind][i]) != NULL)
			return true;
	return false;
}

const char *failing_how_name(enum failing_how manner)
{
	static const char *const names[FAILING_HOWS] = { "once", "for good",
		"short", "interrupted" };

	return names[manner];
}

/*
 * Counts a call.  Returns 1 for the nth call, 2 for the next one, and so on; 0
 * for the calls before.
 */
static unsigned long count(enum failing_kind kind)
{
	unsigned long number = atomic_fetch_add(&calls[kind], 1) + 1;

	return kind != chosen || nth == 0 || number < nth ? 0
							  : number - nth + 1;
}

static bool fail(int error)
{
	atomic_store(&any_failed, true);
	errno = error;
	return true;
}

bool failing_now(enum failing_kind kind)
{
	unsigned long number = count(kind);

	return (how == FAILING_ONCE ? number == 1
				    : how == FAILING_FOR_GOOD && number > 0) &&
	    fail(kinds[kind].error);
}

bool failing_transfer(enum failing_kind kind, size_t *bytes)
{
	unsigned long number = count(kind);

	switch (how) {
	case FAILING_SHORT:
		if (number > 0 && *bytes > 1) {
			*bytes /= 2;
			atomic_store(&any_failed, true);
		}
		return false;
	case FAILING_INTERRUPTED:
		return number % 2 == 1 && fail(EINTR);
	default:
		return (how == FAILING_ONCE ? number == 1 : number > 0) &&
		    fail(kinds[kind].error);
	}
}

void failing_allocated(long change)
{
	atomic_fetch_add(&allocations, change);
}

void failing_mapped(long change)
{
	atomic_fetch_add(&mappings, change);
}

void failing_started(long change)
{
	atomic_fetch_add(&threads, change);
}
