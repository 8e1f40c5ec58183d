/*
 * acceptance.h: the record of an acceptance run of a tape drive.
 *
 * sim/accept fills it in; reports/json writes it as a file, which is also the
 * journal of the run; reports/html prints it on paper.
 *
 * Invariants:
 *  1. The record is complete after each test: a run that was killed continues
 *     with the tests that are not ACCEPTANCE_TEST_DONE.
 *  2. The struct owns its strings; NULL means "".
 *  3. Nothing that is not known is guessed: its text is "not known", or the row
 *     is not judged, with the reason.
 */
#ifndef REPORTS_ACCEPTANCE_H
#define REPORTS_ACCEPTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The format of the file. */
enum { ACCEPTANCE_FORMAT = 2 };

/* The three verdicts. */
enum acceptance_verdict {
	ACCEPTANCE_PASSED,
	ACCEPTANCE_NOT_PASSED,
	ACCEPTANCE_NOT_DECIDED /* the cause may lie elsewhere */
};

/* How a value was compared with its limit. */
enum acceptance_judgement {
	ACCEPTANCE_MET,
	ACCEPTANCE_NOT_MET,
	ACCEPTANCE_NOT_JUDGED /* there is no limit, or it could not be compared */
};

/* The subjects of facts, in the order of the paper. */
enum acceptance_subject {
	ACCEPTANCE_OF_DRIVE,
	ACCEPTANCE_OF_CARTRIDGE,
	ACCEPTANCE_OF_HOST,
	ACCEPTANCE_SUBJECTS
};

/* "Firmware: N9M1". */
struct acceptance_fact {
	enum acceptance_subject subject;
	char *name, *value;
};

enum acceptance_state {
	ACCEPTANCE_TEST_PENDING,
	ACCEPTANCE_TEST_RUNNING, /* in the file of a run that was killed */
	ACCEPTANCE_TEST_DONE,
	ACCEPTANCE_TEST_LEFT_OUT /* was not run: `why` */
};

struct acceptance_test {
	char *name, *title;
	enum acceptance_state state;
	/* DONE: what the test came to. */
	enum acceptance_judgement result;
	char *why;         /* why it is not met, not judged, or was left out */
	uint64_t bytes;    /* written */
	int64_t ns;        /* how long it took */
	bool second;       /* tried again on another cartridge */
	uint64_t attempts; /* how often it was begun, killed runs included */
};

/* A measured value and its limit. */
struct acceptance_row {
	char *test; /* name of the test that measured it */
	char *what; /* "write rate, forward wraps" */
	char *value;
	char *limit;  /* ">= 285 MB/s"; "": no limit */
	char *source; /* where the limit comes from */
	enum acceptance_judgement judgement;
	char *why;     /* why it is not judged; or "" */
	char *earlier; /* the same value in earlier runs, newest first; or "" */
};

/* A cartridge that the person named. */
struct acceptance_cartridge {
	char *name;    /* as it was named: barcode or serial number */
	char *serial;  /* MAM 0401; "": not known */
	char *change;  /* volume change reference, hexadecimal; "": not known */
	bool labelled; /* this run may write it, and labels it */
	/* By this process, and not in the file: it was looked at. */
	bool looked;
	/* The same: what was on it when the run began is still there. */
	bool as_found;
	/* By all processes of the run, on the drive that it tests. */
	uint64_t written_bytes, read_bytes;
};

/* What the drive has counted with a cartridge, in all processes of the run. */
struct acceptance_counter {
	char *cartridge;     /* its name */
	uint64_t page, code; /* of the log page, of its parameter */
	uint64_t value;
};

/* What the drive has counted during a test, under its maker's name. */
struct acceptance_difference {
	char *test;                   /* its name */
	uint64_t page, subpage, code; /* of the log page, of its parameter */
	char *name;
	uint64_t value; /* in the unit of the maker */
};

/* A reason, as a sentence without an end. */
struct acceptance_reason {
	char *text;
};

struct acceptance {
	/* The drive by which a continued run knows that it is the same. */
	char *vendor, *product, *firmware, *serial;
	/* Why the drive is known not to exist, such as "mhvtl"; "": it exists. */
	char *virtual_drive;
	char *version;       /* of tapelab */
	char *kind;          /* quick, default, fill */
	char *command;       /* the command line */
	char *began, *ended; /* 2026-01-31T23:59:59Z; "": not ended */
	uint64_t seed;
	struct acceptance_fact *facts;
	size_t facts_count;
	struct acceptance_cartridge *cartridges;
	size_t cartridges_count;
	struct acceptance_counter *counters;
	size_t counters_count;
	struct acceptance_difference *differences;
	size_t differences_count;
	struct acceptance_test *tests;
	size_t tests_count;
	struct acceptance_row *rows;
	size_t rows_count;
	/* Why the drive is not accepted; and why that is not decided. */
	struct acceptance_reason *faults;
	size_t faults_count;
	struct acceptance_reason *doubts;
	size_t doubts_count;
	char *stopped;  /* why no more tests were run; "" */
	char *evidence; /* name of the file */
	char *sha256;   /* of that file, 64 digits; "": not written */
};

/*
 * These functions copy their texts, of which NULL is "".  They return the new
 * element, which moves with the next call; NULL without memory.
 */
struct acceptance_fact *acceptance_add_fact(struct acceptance *record,
    enum acceptance_subject subject, const char *name, const char *value);
struct acceptance_test *acceptance_add_test(struct acceptance *record,
    const char *name, const char *title);
struct acceptance_row *acceptance_add_row(struct acceptance *record,
    const char *test, const char *what, const char *value);
struct acceptance_cartridge *acceptance_add_cartridge(struct acceptance *record,
    const char *name);
struct acceptance_difference *
acceptance_add_difference(struct acceptance *record, const char *test,
    const char *name);

/*
 * Adds to a counter of a cartridge, which is 0 at first.  Returns 0, or -1
 * without memory.
 */
int acceptance_count(struct acceptance *record, const char *cartridge,
    uint64_t page, uint64_t code, uint64_t value);

/*
 * Returns what was counted during a test by a parameter of a log page, or NULL.
 */
const struct acceptance_difference *
acceptance_find_difference(const struct acceptance *record, const char *test,
    uint64_t page, uint64_t code);

/*
 * Add a fault or a doubt, unless the record has it.  Return 0, or -1 without
 * memory.
 */
int acceptance_add_fault(struct acceptance *record, const char *text);
int acceptance_add_doubt(struct acceptance *record, const char *text);

/* Replaces a text of the record.  Returns 0, or -1 without memory. */
int acceptance_set(char **text, const char *value);

/* Removes the rows of a test, which is run again, and what was counted. */
void acceptance_remove_rows(struct acceptance *record, const char *test);

/* Removes the rows of this value.  Returns how many there were. */
size_t acceptance_remove_values(struct acceptance *record, const char *what);

/*
 * Returns the verdict: NOT PASSED if there is a fault; else NOT DECIDED if there
 * is a doubt, a test that is not done, or no test at all; else PASSED.
 */
enum acceptance_verdict acceptance_judge(const struct acceptance *record);

/*
 * Writes the verdict with all its reasons: "NOT PASSED: ...; ...".  It begins
 * with "VIRTUAL DRIVE: " if the drive does not exist.  The caller frees it; NULL
 * without memory.
 */
char *acceptance_verdict_line(const struct acceptance *record);

/* The words of the file and of the paper. */
const char *acceptance_judgement_word(enum acceptance_judgement judgement);
const char *acceptance_state_word(enum acceptance_state state);
const char *acceptance_verdict_word(enum acceptance_verdict verdict);

/* Frees the contents of the record, and sets all to 0. */
void acceptance_clear(struct acceptance *record);

#endif
