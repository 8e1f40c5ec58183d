/*
 * accept_drive.h: an acceptance run of a drive that speaks SCSI, for tests: one of
 * a virtual library in this process, by the back end of the sg driver.  A robot
 * moves the two cartridges.
 */
#ifndef SIM_ACCEPT_TESTS_ACCEPT_DRIVE_H
#define SIM_ACCEPT_TESTS_ACCEPT_DRIVE_H

#include "reports/tests/report_scratch.h"
#include "sim/accept/accept.h"
#include "sim/accept/scsi.h"
#include "splitter/real/real.h"
#include "splitter/scsi/tests/served_port.h"

struct accept_drive {
	char dir[SCRATCH_PATH_BYTES]; /* has all that follows */
	char out[SCRATCH_PATH_BYTES + 8];
	char tests[SCRATCH_PATH_BYTES + 8]; /* a folder for scenarios */
	struct served_library *served;
	bool takes_time; /* the drives do, as their model says */
	/* Of each drive; the second one is opened when a run needs it. */
	struct served_port *ports[2];
	struct tape_library *libraries[2];
	struct accept_device *devices[2];
	bool full[2]; /* a cartridge is in it */
	/* Of the first drive, when it is opened. */
	bool no_robot;          /* the cartridge stays in it */
	uint32_t largest_bytes; /* that the adapter takes; 0: 4 MiB */
	const char
	    *product; /* of INQUIRY, with the vendor HPE; NULL: its own */
	/* As sysfs has it, such as "12.0 Gbit"; NULL: not known. */
	const char *link_speed;
	int64_t change_ns; /* how long the robot moves */
	int64_t load_ns; /* how much longer its LOAD UNLOAD takes for a load */
	/* What happens before the Nth WRITE of the first drive; 0: nothing. */
	unsigned disturbed_at;
	void (*disturb)(void);
	void (*before_load)(void); /* and before each LOAD UNLOAD of a load */
	/* The changer from the Nth change on; 0: it works. */
	unsigned changed_at;
	int (*change)(const struct real_wanted *wanted, char *barcode,
	    char *why, size_t why_bytes);
	const char *also; /* another name of --overwrite, of a trial; or NULL */
	struct suite suite;
	/* Of the last run. */
	struct acceptance record;
	char *text; /* what was printed */
	char err[512];
};

extern struct accept_drive accept_drive;

/* The fixture: the first cartridge is in the first drive. */
void accept_drive_set_up(void);

/* The same with drives of a model, whose cartridges have this suffix. */
void accept_drive_set_up_as(const char *model, const char *suffix,
    bool takes_time);
void accept_drive_tear_down(void);

/* The first drive is opened and closed by another process. */
void accept_drive_open(void);
void accept_drive_close(void);

/* Adds a scenario to accept_drive.tests. */
void accept_drive_add(const char *name, const char *scenario);

/* Runs the tests of a folder, with this number of cartridges. */
enum accept_end accept_drive_run(const char *tests, size_t names_count,
    bool second);

/* Runs those of accept_drive.tests to their end, in the first drive. */
void accept_drive_run_added(size_t names_count);

/* The verdict begins so, after "VIRTUAL DRIVE: ", or has this in it. */
void accept_drive_verdict_is(const char *begin);
void accept_drive_verdict_has(const char *text);

/*
 * Returns a row of a test (NULL: the first one of any test), which must exist, or
 * the value of a fact, or "".
 */
const struct acceptance_row *accept_drive_row(const char *test,
    const char *what);
const char *accept_drive_fact(const char *name);

/*
 * Tries a scenario, with these lines at its end, for half a second: an lto8 drive
 * is fed 20 MB/s.  The cartridge is one of --overwrite if `overwrites`.  Returns
 * what trial_run() does.
 */
int accept_drive_try(const char *more, bool (*confirm)(void *arg),
    bool overwrites);

#endif
