/*
 * row.h: the table of commands of a type of device, and what a command calls
 * to answer.
 *
 * A row's function gets a call whose answer is GOOD, without data, complete at
 * `now_ns`.  It changes that by the functions below.  The first error counts:
 * after it, return.
 *
 * Rows are constant tables.  The usage map of a row has the operation code in
 * its first byte, and then one bit for each bit of the CDB that is evaluated
 * (SPC-4, REPORT SUPPORTED OPERATION CODES).
 */
#ifndef VTL_DEVICE_ROW_H
#define VTL_DEVICE_ROW_H

#include "splitter/base/big_endian.h"
#include "vtl/scsi/device/device.h"

struct device_call {
	struct device *device;
	void *unit; /* what the device works on: struct scsi, struct smc */
	const struct device_command *command;
	const uint8_t *cdb; /* as invariant 5 of device.h says */
	int64_t now_ns;
	struct device_answer *answer;
	bool beside;         /* the unit may not be used: device.h */
	uint64_t allocation; /* device_reply() sends at most this much */
	uint64_t wanted;     /* bytes that the command transfers */
};

typedef void device_run(struct device_call *call);

enum device_flags {
	/* neither reports nor removes a pending unit attention by CHECK */
	DEVICE_IGNORES_ATTENTION = 1,
	/* allowed although another nexus has reserved the unit (SPC-2) */
	DEVICE_IGNORES_RESERVATION = 2,
	/* allowed whatever is reserved persistently */
	DEVICE_IGNORES_PERSISTENT = 4,
	/* reads only: allowed with a reservation of type write exclusive */
	DEVICE_ONLY_READS = 8,
	/* PREVENT ALLOW MEDIUM REMOVAL: never conflicts if it allows removal */
	DEVICE_ALLOWS_REMOVAL = 16
};

enum { DEVICE_NO_ACTION = -1 };

struct device_row {
	uint8_t opcode;
	/* service action, bits 4..0 of byte 1; DEVICE_NO_ACTION: has none */
	int16_t action;
	uint8_t bytes; /* length of the CDB */
	uint8_t flags; /* of enum device_flags */
	uint8_t usage[DEVICE_CDB_BYTES];
	uint32_t timeout_s; /* recommended; 0: 60 s */
	device_run *run;
};

struct device_rows {
	const struct device_row *rows;
	size_t count;
};

struct device_type {
	/* the sense data for REQUEST SENSE without a unit attention */
	void (*request_sense)(struct device_call *call,
	    struct scsi_sense *sense);
	/* see device_reset() */
	void (*reset)(void *unit, int64_t now_ns);
	/* the nexus of the commands that follow, for the unit; or NULL */
	void (*set_nexus)(void *unit, unsigned nexus);
	/* whether sense data is in descriptor format (D_SENSE) */
	bool (*descriptor_sense)(const void *unit);
	/* may be called at any time, and always returns the same */
	struct scsi_nexuses *(*nexuses)(void *unit);
	/* see device_execute_quickly(); NULL: no command is quick */
	bool (*is_quick)(const void *unit, const uint8_t *cdb);
	/* see device_holds_medium(); NULL: no unit does */
	bool (*holds_medium)(const void *unit);
};

/*
 * Makes a device that works on `unit`, which the caller keeps, with the rows of
 * `tables` and the commands that all devices have.  Two rows may not have the
 * same code and action.  Returns NULL without memory.
 */
struct device *device_new(const struct device_type *type, void *unit,
    const struct device_identity *identity,
    const struct device_rows *const *tables, size_t table_count);

/* Ends the call with CHECK CONDITION and this sense data. */
void device_fail(struct device_call *call, uint8_t key, uint8_t asc,
    uint8_t ascq);

enum { DEVICE_NO_BIT = -1 };

/*
 * Ends the call with 5/24/00, invalid field in CDB.  The sense data points to
 * the byte, and to the bit unless that is DEVICE_NO_BIT.
 */
void device_fail_field(struct device_call *call, unsigned byte, int bit);

/* The same with 5/26/00, invalid field in parameter list. */
void device_fail_parameter(struct device_call *call, unsigned byte, int bit);

/* Takes sense data and time from the result of a typed command. */
void device_take(struct device_call *call, const struct scsi_result *result);

/* Returns whether the call has failed already. */
bool device_has_failed(const struct device_call *call);

/* Sets the allocation length of the CDB.  Call it before device_reply(). */
void device_reply_begin(struct device_call *call, uint64_t allocation);

/*
 * Appends to the data-in, as far as the allocation length and the room allow.
 */
void device_reply(struct device_call *call, const void *data, size_t bytes);

/*
 * Gets the parameter list of `bytes` bytes that the CDB announces.  Returns
 * NULL, and fails the call with 5/1A/00, if the initiator sent less.
 */
const uint8_t *device_parameters(struct device_call *call, uint64_t bytes);

/*
 * These fail the call with 5/0E/03, and return false, if the initiator expects
 * to transfer less than `bytes`; to be called before anything moves.
 */
bool device_expects_in(struct device_call *call, uint64_t bytes);
bool device_expects_out(struct device_call *call, uint64_t bytes);

/* Says how many bytes the command transferred, in or out. */
void device_transferred(struct device_call *call, uint64_t bytes);

/* The port of the nexus of the call. */
const struct device_port *device_call_port(const struct device_call *call);

#endif
