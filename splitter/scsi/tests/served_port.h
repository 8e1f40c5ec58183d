/*
 * served_port.h: a port (splitter/scsi/port.h) to a device of a library in this
 * process (served_library.h), for tests.
 *
 *     struct served_library *library = served_library_new(NULL);
 *     struct served_port *port = served_port_open(library, 1, 0);
 *
 *     served_library_load(library, 0, 0);
 *     ... served_port_scsi(port) ...
 *     served_port_close(port);
 *     served_library_free(library);
 *
 * A second port with another nexus is another initiator.  A new port has the
 * unit attentions of a new connection, as a real one.
 */
#ifndef SPLITTER_TESTS_SERVED_PORT_H
#define SPLITTER_TESTS_SERVED_PORT_H

#include "splitter/scsi/port.h"
#include "splitter/scsi/tests/served_library.h"

struct served_port;

/* Opens a port to a device, as the initiator `nexus` < SERVED_NEXUSES. */
struct served_port *served_port_open(struct served_library *library,
    unsigned device, unsigned nexus);

/* NULL is allowed.  A port may also be closed by its own close(). */
void served_port_close(struct served_port *port);

struct scsi_port *served_port_scsi(struct served_port *port);

/* TEST UNIT READY until no unit attention is pending. */
void served_port_clear_attentions(struct served_port *port);

/* From now on the transport drops residuals, or does not. */
void served_port_drop_residuals(struct served_port *port, bool drop);

/* sleep_ns() returns false: the program was asked to end. */
void served_port_end_sleeps(struct served_port *port);

/*
 * The device executes each command only at this time of the library's clock: it
 * is busy until then.  A caller may end a wait before (scsi_command.waiting).
 */
void served_port_busy_until(struct served_port *port, int64_t at_ns);

/* What happens to one command instead of its own answer. */
struct served_instead {
	/* Which: the Nth from now, from 0, with this operation code. */
	unsigned after;
	int opcode; /* -1: any */
	/* Whether the device executes it, and its answer is not seen. */
	bool executed;
	enum scsi_outcome outcome;
	int error;     /* SCSI_LOST, SCSI_NOT_SENT; 0: EIO */
	uint16_t host; /* SCSI_LOST: DID_...; 0: 3, DID_TIME_OUT */
	/* SCSI_ANSWERED: */
	uint8_t status;
	uint8_t sense[SCSI_SENSE_BYTES];
	uint8_t sense_bytes;
	uint8_t data[32]; /* data-in */
	uint8_t data_bytes;
	uint32_t residual;
	bool for_good; /* all later ones too */
};

/* Adds one; of several that concern a command, the oldest counts. */
void served_port_instead(struct served_port *port,
    const struct served_instead *instead);

/*
 * The same for CHECK CONDITION with fixed sense data of KEY/ASC/ASCQ, the FM,
 * EOM, ILI bits (80h, 40h, 20h), and INFORMATION, unless that is negative.
 */
struct served_sense {
	uint8_t key, asc, ascq, bits;
	bool deferred;
	int64_t information;
};
void served_port_check(struct served_port *port, int opcode, bool executed,
    const struct served_sense *sense);

/* How many commands with this operation code (-1: any) were sent. */
unsigned served_port_count(const struct served_port *port, int opcode);

#endif
