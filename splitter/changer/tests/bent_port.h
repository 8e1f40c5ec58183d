/*
 * bent_port.h: a port before another one, that changes commands or answers, for
 * tests with changers that differ from ours.
 */
#ifndef SPLITTER_CHANGER_BENT_PORT_H
#define SPLITTER_CHANGER_BENT_PORT_H

#include "splitter/scsi/port.h"

struct bend {
	/* Answers the command, or changes it.  Returns whether it answered. */
	bool (*before)(void *arg, struct scsi_command *command,
	    struct scsi_answer *answer);
	/* Changes the answer.  Either may be NULL. */
	void (*after)(void *arg, const struct scsi_command *command,
	    struct scsi_answer *answer);
	void *arg;
};

/* `inner` is closed with the port. */
struct scsi_port *bent_port_new(struct scsi_port *inner,
    const struct bend *bend);

/* Answers with CHECK CONDITION. */
void bent_port_sense(struct scsi_answer *answer, uint8_t key, uint8_t asc,
    uint8_t ascq);

#endif
