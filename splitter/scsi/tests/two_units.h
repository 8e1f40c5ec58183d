/* two_units.h: a virtual drive that two initiators reach, for tests. */
#ifndef SPLITTER_SCSI_TESTS_TWO_UNITS_H
#define SPLITTER_SCSI_TESTS_TWO_UNITS_H

#include "splitter/scsi/commands.h"
#include "splitter/scsi/tests/served_port.h"

extern struct two_units {
	struct served_library *library;
	struct served_port *port, *other_port;
	struct scsi_unit unit, other; /* the same drive, by these ports */
} two;

/* Before and after each test; the drive is empty. */
void two_units_up(void);
void two_units_down(void);

/* Loads a cartridge; both initiators then find the drive ready. */
void two_units_load(void);

/* The next command with this operation code, by `port`, has this sense data. */
void two_units_fail_next(int opcode, uint8_t key, uint8_t asc, uint8_t ascq);

#endif
