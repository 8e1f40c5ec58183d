/*
 * accept.h: an acceptance run of a tape drive.
 *
 *     suite -> plan -> question -> source speed -> for each test:
 *         journal "running" -> the scenario on the drive (sim/run, real time)
 *         -> rows, faults, doubts -> journal "done"
 *     -> counters of the whole run -> verdict -> paper, evidence
 *
 * The journal is the record itself: acceptance.json in the folder of the run.
 * A run that was interrupted or killed continues from it.
 *
 * Invariants:
 *  1. Before anything moves, the plan was printed and agreed to.
 *  2. Only named cartridges are used: another one in the drive ends the run.
 *  3. A continued run has the same drive (serial number, firmware) and the same
 *     cartridges (serial number; volume change reference, except those that the
 *     test in progress may have written).
 *  4. A hardware error, a serious TapeAlert flag or a temperature alert ends
 *     the run, as does a command without an answer.  A cartridge that may not be
 *     used, that is taken out in a test or that the changer does not bring
 *     interrupts it, and says nothing of the drive.  Any other failure stops only
 *     the tests that need the one that failed.
 *  5. The drive is blamed for a medium error only if it met one on two
 *     cartridges.
 *  6. Nothing is written on the second drive.  What could not be read there is
 *     blamed on the first one only if that one had read it back itself.
 */
#ifndef SIM_ACCEPT_H
#define SIM_ACCEPT_H

#include <stdio.h>

#include "sim/accept/device.h"
#include "sim/suite/suite.h"

struct accept_config {
	struct accept_device *device;
	const struct suite *suite;
	enum scenario_acceptance_run run;
	/* The cartridges, each once, in the order of their use. */
	const char *const *names;
	size_t names_count;
	/* Those that may be overwritten, whatever is on them. */
	const char *const *overwrite;
	size_t overwrite_count;
	const char *out; /* an existing folder */
	/* The folders of the runs to compare with, at most EARLIER_MAX. */
	const char *const *earlier;
	size_t earlier_count;
	const char *command; /* the command line, for the record */
	uint64_t seed;
	/*
	 * Opens the drive on which the last test reads back what it wrote.  The
	 * drive of `device` is not used any more, and may be freed.  Returns
	 * NULL with a message.  NULL: there is no second drive.
	 */
	struct accept_device *(*second)(void *arg, char *err, size_t err_bytes);
	FILE *to; /* plan, progress and verdict */
	/* Asks whether to begin.  NULL: yes. */
	bool (*confirm)(void *arg);
	/*
	 * Returns what the source delivers without a tape, in bytes per second.
	 * NULL: it is measured.
	 */
	double (*source_rate)(void *arg);
	/* Writes the time of day, as in 2026-01-31T23:59:59Z. */
	void (*date)(void *arg, char date[21]);
	void *arg;
};

enum accept_end {
	ACCEPT_ENDED,       /* all tests were run or left out: `verdict` */
	ACCEPT_INTERRUPTED, /* by a signal or a wrong cartridge; continue it */
	ACCEPT_REFUSED      /* it was not begun: `err` */
};

/* Runs the acceptance.  `err` gets a message unless it has ended. */
enum accept_end accept_run(const struct accept_config *config,
    enum acceptance_verdict *verdict, char *err, size_t err_bytes);

#endif
