/*
 * disturbed_rig.h: a drive that speaks SCSI, for tests in which something happens
 * to it before one of its commands.
 *
 * There is one rig at a time.
 */
#ifndef SPLITTER_API_TESTS_DISTURBED_RIG_H
#define SPLITTER_API_TESTS_DISTURBED_RIG_H

#include "splitter/scsi/tests/served_port.h"
#include "splitter/sg/sg.h"

struct disturbed_rig {
	struct served_library *served;
	struct served_port *port; /* of the open drive */
	struct tape_library *library;
	unsigned volume; /* that was put in last */
	/* What happens before the Nth command from now; 0: nothing. */
	unsigned left;
	void (*disturb)(void);
	real_change_fn *change; /* NULL: there is no other volume */
	char said[4096];        /* all messages */
};

extern struct disturbed_rig disturbed;

/*
 * Makes the library, of volumes as this one (NULL: plain ones), puts the first one
 * into the drive, and opens it.
 */
void disturbed_set_up(const struct volume_spec *volume);
void disturbed_tear_down(void);

/* The drive as the next program opens it. */
void disturbed_open(void);
void disturbed_close(void);

void disturbed_put_in(unsigned volume);
/* A person opens the door by force, and takes out what is in the drive. */
void disturbed_take_out(void);

/* Adds a message. */
void disturbed_say(const char *message);

#endif
