/*
 * fake_st_impl.h: shared by the files of fake_st only.
 *
 *   fake_st.c        open, close, read, write
 *   fake_st_ioctl.c  ioctl
 *   fake_st_fault.c  failures, and queries for tests
 *   fake_st_drive.c  the drive: commands and sense data
 */
#ifndef SPLITTER_TESTS_FAKE_ST_IMPL_H
#define SPLITTER_TESTS_FAKE_ST_IMPL_H

#include <linux/mtio.h>

#include "splitter/st/tests/fake_st.h"
#include "splitter/tests/memtape/memtape_impl.h"

/* The driver's state at an end of the tape, in order. */
enum fake_end {
	END_NONE,
	END_MARK_HIT,
	END_MARK,
	END_WARNED,
	END_BAD,
	END_REFUSED,
	END_SECOND,
	END_DATA
};
enum fake_rw { RW_IDLE, RW_READ, RW_WRITE };

enum fake_key {
	KEY_NONE,
	KEY_NOT_READY,
	KEY_MEDIUM,
	KEY_ATTENTION,
	KEY_BLANK,
	KEY_OVERFLOW,
	KEY_ILLEGAL
};

/* The drive's pending report for the next command. */
enum fake_attention { ATTENTION_NONE, ATTENTION_RESET, ATTENTION_MEDIUM };

/* The driver's state after open. */
enum fake_ready { READY, NOT_READY, NO_TAPE };

/* Sense data; `key` and the flags are valid if `check` is set. */
struct fake_sense {
	bool check;
	enum fake_key key;
	bool eom, mark, deferred;
	long undone;
};

enum fake_lost { LOST_NONE, LOST_TELL_NEXT, LOST_TELL_AT_MARK };

struct fake_st {
	struct device_calls sys;
	struct fake_st_config config;
	unsigned volumes, next;
	uint64_t calls, fail_at;
	enum fake_way fail_way;
	unsigned ops[64], asked, shortest_ms;
	int64_t now_ns;

	/* The state of the drive. */
	struct memtape_volume *volume; /* NULL: empty */
	/* an ejected cartridge that was not removed */
	struct memtape_volume *mouth;
	uint64_t at;   /* number of objects before the position */
	uint64_t safe; /* number of these objects that are on the medium */
	enum fake_lost lost;
	enum fake_attention attention;
	bool zone_error, full, locked;
	bool intruder, intruded; /* loaded by FAKE_EXCHANGED */
	uint8_t alerts[FAKE_ST_ALERT_BYTES], alerts_due[FAKE_ST_ALERT_BYTES];
	int compression;

	/* The state of the driver. */
	bool is_open, read_only, nonblock, reset;
	enum fake_ready ready;
	/* the driver has locked the door; the drive cannot lock */
	bool locks, never_locks;
	long block_size; /* 0: variable */
	enum fake_rw rw;
	enum fake_end end;
	long file, block;
	bool flying;              /* a write is in progress */
	struct fake_sense flight; /* the result of that write */
	const char *attribute;    /* name of the open sysfs file */
};

/* Commands of the drive.  If a loss is pending, a command only reports that. */
void fake_drive_write(struct fake_st *f, const void *data, uint64_t bytes,
    struct fake_sense *sense);
void fake_drive_mark(struct fake_st *f, unsigned count, bool waits,
    struct fake_sense *sense);
/* Passes the next object and returns it; NULL if there is none. */
const struct memtape_object *fake_drive_read(struct fake_st *f,
    struct fake_sense *sense);
/*
 * Spaces over filemarks; n < 0: backward.  `sense->undone` is the number that
 * was not passed.
 */
void fake_drive_space_marks(struct fake_st *f, long n,
    struct fake_sense *sense);
void fake_drive_space_blocks(struct fake_st *f, long n,
    struct fake_sense *sense);
void fake_drive_go(struct fake_st *f, uint64_t object,
    struct fake_sense *sense);
void fake_drive_tell(struct fake_st *f, bool vendor_form, uint64_t *object,
    struct fake_sense *sense);
/* Carries out a command that does not concern the tape. */
void fake_drive_other(struct fake_st *f, struct fake_sense *sense);
void fake_drive_lock(struct fake_st *f, bool locks, struct fake_sense *sense);

/* Loses the last block, unless it is on the medium. */
void fake_drive_lose(struct fake_st *f, enum fake_lost tell);
/* Loses everything that is not on the medium, and moves to BOT. */
void fake_drive_stop(struct fake_st *f);

/*
 * Counts a call, and returns the failure to apply after it; FAKE_WAYS: no
 * failure.  `*err` is an errno if the call must fail at once, otherwise 0.
 */
enum fake_way fake_next_fault(struct fake_st *f, int *err);
/*
 * Applies a failure after a call was carried out; returns the errno, or `err`.
 */
int fake_aftermath(struct fake_st *f, enum fake_way way, int err);

/* Waits for the write in progress.  Returns 0, ENOSPC or EIO. */
int fake_land(struct fake_st *f);

/*
 * Carries out one MTIOCTOP operation for the driver itself.  Returns an errno.
 */
int fake_op(struct fake_st *f, int op, long count);

int fake_ioctl(void *arg, int fd, unsigned long request, void *what);

#endif
