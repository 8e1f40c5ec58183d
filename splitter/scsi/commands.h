/*
 * commands.h: the commands of an initiator that do not move the medium, typed.
 *
 * Each function that returns bool returns whether the device answered with
 * GOOD; unit->answer has the answer.  Data of a device is never trusted: a
 * length field that reaches beyond the data is cut at its end.
 *
 *     ready.c       TEST UNIT READY, and waiting for it
 *     position.c    READ POSITION
 *     inquiry.c     INQUIRY and its pages; READ BLOCK LIMITS
 *     opcodes.c     REPORT SUPPORTED OPERATION CODES
 *     log_sense.c   LOG SENSE
 *     mode.c        MODE SENSE, MODE SELECT
 *     attribute.c   READ ATTRIBUTE, WRITE ATTRIBUTE
 *     reserve.c     RESERVE, RELEASE, PREVENT ALLOW MEDIUM REMOVAL
 *     persistent.c  PERSISTENT RESERVE IN and OUT
 *
 * Standards: SPC-4, SSC-4.
 */
#ifndef SPLITTER_SCSI_COMMANDS_H
#define SPLITTER_SCSI_COMMANDS_H

#include "splitter/scsi/unit.h"

/* --- ready.c --- */

enum scsi_readiness {
	SCSI_READY,
	SCSI_BECOMING_READY, /* 2/04/01, 2/04/07 and others: wait */
	SCSI_NO_MEDIUM,      /* 2/3A */
	SCSI_NOT_LOADED,     /* 2/04/02, 2/3A/04: a cartridge is not loaded */
	SCSI_CLEANING,       /* 2/30/03: a cleaning cartridge */
	SCSI_WRONG_MEDIUM,   /* 2/30, 3/30: the drive cannot use it */
	SCSI_RESERVED,       /* by another initiator */
	SCSI_FAILED          /* anything else: see unit->answer */
};

/*
 * TEST UNIT READY.  Unit attentions are taken, and the command is sent again.
 */
enum scsi_readiness scsi_send_ready(struct scsi_unit *unit);

enum { SCSI_WHY_BYTES = 96 };

/*
 * Writes what a drive is doing that becomes ready, by its last answer:
 * "operation in progress, 2/04/07, 40 % done".
 */
void scsi_why_not_ready(const struct scsi_unit *unit, char why[SCSI_WHY_BYTES]);

/*
 * Repeats TEST UNIT READY each second while the drive becomes ready, for at
 * most `wait_ns`.  `notice`, if not NULL, is called if the drive is not ready at
 * first (if it loads a cartridge: after a minute), and then each minute, with
 * what the drive is doing.  Stops early if the sleep of the port returns false.
 */
enum scsi_readiness scsi_wait_ready(struct scsi_unit *unit, int64_t wait_ns,
    void (*notice)(void *arg, const char *message), void *arg);

/* Returns a phrase such as "the drive is empty". */
const char *scsi_readiness_text(enum scsi_readiness readiness);

/* --- position.c --- */

struct scsi_position {
	bool at_bop; /* at the beginning of the partition */
	bool known;  /* the drive knows block and partition */
	uint32_t partition;
};

/*
 * READ POSITION, short form.  Not for a caller who depends on the position: a
 * unit attention that says that it was lost is taken, and the command is sent
 * again.
 */
bool scsi_send_position(struct scsi_unit *unit, struct scsi_position *position);

/* --- inquiry.c --- */

enum { SCSI_TYPE_TAPE = 0x01, SCSI_TYPE_CHANGER = 0x08 };

/* Standard data; texts without the blanks at their end. */
struct scsi_inquiry {
	uint8_t type;    /* peripheral device type; 1Fh: no device */
	uint8_t version; /* 6: SPC-4 */
	bool removable;
	char vendor[8 + 1], product[16 + 1], revision[4 + 1];
	/* the transport stores residuals: it reported a short transfer */
	bool has_residual;
};

/* INQUIRY.  Returns false, too, for less than the 36 bytes that it must have. */
bool scsi_send_inquiry(struct scsi_unit *unit, struct scsi_inquiry *inquiry);

/*
 * Returns whether the device answers at all: sends an INQUIRY without data, and
 * waits for at most `most_ns` nanoseconds.  A device that hangs, or executes
 * another command, does not answer; it executes this one later, so the port
 * should be closed.
 */
bool scsi_answers(struct scsi_unit *unit, int64_t most_ns);

enum { SCSI_VPD_BYTES = 1024 };

/*
 * A page of INQUIRY with its header of 4 bytes.  `*bytes` is its length, at
 * most SCSI_VPD_BYTES.
 */
bool scsi_send_vpd(struct scsi_unit *unit, uint8_t page,
    uint8_t data[SCSI_VPD_BYTES], size_t *bytes);

enum { SCSI_SERIAL_BYTES = 65 };

/* Page 80h: the serial number, without blanks around it. */
bool scsi_send_serial(struct scsi_unit *unit, char serial[SCSI_SERIAL_BYTES]);

enum { SCSI_NAA_BYTES = 2 * 16 + 1, SCSI_NAMES = 4 };

/* Page 83h, device identification. */
struct scsi_identification {
	char naa[SCSI_NAA_BYTES]; /* of the logical unit, hexadecimal; or "" */
	/* Those of the unit, its port and its device, as `naa`; "" at the end. */
	char names[SCSI_NAMES][SCSI_NAA_BYTES];
	char vendor_specific[65]; /* ASCII, of the logical unit; or "" */
	char t10[65];             /* "VENDOR  PRODUCT...", or "" */
};

bool scsi_send_identification(struct scsi_unit *unit,
    struct scsi_identification *identification);

/* Decodes that page, of which `bytes` bytes were received. */
void scsi_identification_decode(const uint8_t *page, size_t bytes,
    struct scsi_identification *identification);

struct scsi_block_limits_data {
	uint32_t least_bytes, most_bytes; /* most 0: no limit is stated */
	uint8_t granularity; /* blocks are multiples of 2^granularity */
};

/* READ BLOCK LIMITS. */
bool scsi_send_block_limits(struct scsi_unit *unit,
    struct scsi_block_limits_data *limits);

/* --- opcodes.c --- */

/*
 * REPORT SUPPORTED OPERATION CODES: gets the time-outs of the device into
 * unit->timeouts.  Without them sets the table of `generation` (0: unknown).
 * Returns whether the device reported them.
 */
bool scsi_send_opcodes(struct scsi_unit *unit, unsigned generation);

/*
 * The same for one command: returns whether the device says that it has it, and
 * evaluates all of these bits in byte `byte` of the CDB.
 */
bool scsi_send_has_bits(struct scsi_unit *unit, uint8_t opcode, unsigned byte,
    uint8_t bits);

/* --- log_sense.c --- */

enum { SCSI_LOG_BYTES = 64 << 10, SCSI_LOG_PAGES_MAX = 512 };

/*
 * A log page with its header of 4 bytes.  `*bytes` is its length, at most
 * `room`.
 */
bool scsi_send_log_sense(struct scsi_unit *unit, uint8_t page, uint8_t subpage,
    uint8_t *data, size_t room, size_t *bytes);

struct scsi_log_id {
	uint8_t page, subpage;
};

/*
 * The pages of the device, with their subpages; without the lists of pages
 * and pages of subpage FFh.  Returns how many; 0 if the list cannot be read.
 */
size_t scsi_send_log_list(struct scsi_unit *unit,
    struct scsi_log_id list[SCSI_LOG_PAGES_MAX]);

struct scsi_log_value {
	uint16_t code;
	uint8_t control;
	const uint8_t *value;
	uint8_t bytes;
};

/*
 * Steps through the parameters of a page.  `*at` is 0 before the first call.
 * Returns false after the last one.
 */
bool scsi_log_next(const uint8_t *data, size_t bytes, size_t *at,
    struct scsi_log_value *value);

/* Returns a value of up to 8 bytes; the last 8 of a longer one. */
uint64_t scsi_log_number(const struct scsi_log_value *value);

/* --- mode.c --- */

enum { SCSI_MODE_BYTES = 512 };

enum scsi_mode_values { SCSI_MODE_CURRENT = 0, SCSI_MODE_CHANGEABLE = 1 };

/*
 * The data of MODE SENSE(10): header of 8 bytes, block descriptor, page.
 * `page` is NULL if the answer does not have it.
 */
struct scsi_mode_data {
	uint8_t data[SCSI_MODE_BYTES];
	size_t bytes;
	uint8_t medium_type;
	bool write_protected;
	uint8_t buffered_mode; /* 0: unbuffered */
	bool has_descriptor;
	uint8_t density;
	uint32_t block_bytes; /* 0: variable */
	uint8_t *page;        /* within `data`, with its header */
	size_t page_bytes;
};

/* Page 00h with subpage 00h: header and block descriptor alone. */
bool scsi_send_mode_sense(struct scsi_unit *unit, uint8_t page, uint8_t subpage,
    enum scsi_mode_values values, struct scsi_mode_data *mode);

/*
 * Gets a byte of a page without subpage, at this offset from the header of the
 * page.  Returns false, too, if the page does not have it.
 */
bool scsi_send_mode_byte(struct scsi_unit *unit, uint8_t page, size_t at,
    uint8_t *byte);

/*
 * MODE SELECT(10) with the buffered mode, density and block length of the
 * members and, if it is not NULL, the page.  By scsi_ask().
 */
bool scsi_send_mode_select(struct scsi_unit *unit,
    const struct scsi_mode_data *mode);

/* --- attribute.c --- */

enum { SCSI_ATTRIBUTES_BYTES = 32 << 10 };

struct scsi_attribute {
	uint16_t id;
	bool read_only;
	uint8_t format; /* 0: binary, 1: ASCII, 2: text */
	const uint8_t *value;
	uint16_t bytes;
};

/*
 * READ ATTRIBUTE: the values from `first` upwards of a partition.  `data` are
 * those that scsi_attribute_next() steps through, without the header.
 */
bool scsi_send_read_attributes(struct scsi_unit *unit, uint8_t partition,
    uint16_t first, uint8_t *data, size_t room, size_t *bytes);

/*
 * Steps through the attributes.  `*at` is 0 before the first call.  Returns
 * false after the last one.
 */
bool scsi_attribute_next(const uint8_t *data, size_t bytes, size_t *at,
    struct scsi_attribute *attribute);

/* Copies an attribute as text without the blanks at its end. */
void scsi_attribute_text(const struct scsi_attribute *attribute, char *text,
    size_t text_bytes);

/* Returns a binary attribute of up to 8 bytes as a number. */
uint64_t scsi_attribute_number(const struct scsi_attribute *attribute);

/* WRITE ATTRIBUTE of one attribute; `bytes` 0 removes it.  Sent once. */
bool scsi_send_write_attribute(struct scsi_unit *unit, uint8_t partition,
    const struct scsi_attribute *attribute);

/* --- reserve.c --- */

/* RESERVE(6), RELEASE(6). */
bool scsi_send_reserve(struct scsi_unit *unit);
bool scsi_send_release(struct scsi_unit *unit);

/* PREVENT ALLOW MEDIUM REMOVAL. */
bool scsi_send_prevent(struct scsi_unit *unit, bool prevent);

/* --- persistent.c --- */

enum { SCSI_REGISTRANTS_MAX = 64, SCSI_PORT_NAME_BYTES = 256 };

enum scsi_persistent_type {
	SCSI_NOT_RESERVED = 0,
	SCSI_WRITE_EXCLUSIVE = 1,
	SCSI_EXCLUSIVE_ACCESS = 3,
	SCSI_WRITE_EXCLUSIVE_REGISTRANTS = 5,
	SCSI_EXCLUSIVE_ACCESS_REGISTRANTS = 6,
	SCSI_WRITE_EXCLUSIVE_ALL = 7,
	SCSI_EXCLUSIVE_ACCESS_ALL = 8
};

/* Returns "exclusive access"; "type 9" in `text` for other numbers. */
const char *scsi_persistent_type_text(unsigned type, char text[16]);

struct scsi_registrant {
	uint64_t key;
	bool holds;
	uint8_t type; /* of the reservation, if it holds it */
	/* the initiator port: iSCSI name, SAS or Fibre Channel address; "" */
	char port[SCSI_PORT_NAME_BYTES];
};

struct scsi_persistent {
	uint32_t generation;
	size_t count; /* at most SCSI_REGISTRANTS_MAX are stored */
	struct scsi_registrant registrants[SCSI_REGISTRANTS_MAX];
	uint8_t type;   /* of the reservation; SCSI_NOT_RESERVED */
	uint64_t key;   /* of its holder; 0 if all registrants hold it */
	bool has_ports; /* READ FULL STATUS was answered */
};

/*
 * PERSISTENT RESERVE IN: READ FULL STATUS, or READ KEYS and READ RESERVATION
 * where the device does not have it.
 */
bool scsi_send_persistent_read(struct scsi_unit *unit,
    struct scsi_persistent *persistent);

enum scsi_persistent_action {
	SCSI_PERSISTENT_REGISTER = 0,
	SCSI_PERSISTENT_RESERVE = 1,
	SCSI_PERSISTENT_RELEASE = 2
};

/*
 * PERSISTENT RESERVE OUT, type exclusive access, APTPL 0.  `key` is the key of
 * this initiator (0: not registered), `new_key` the one to register (0: end the
 * registration).  Nothing is ever pre-empted or cleared.
 */
bool scsi_send_persistent_out(struct scsi_unit *unit,
    enum scsi_persistent_action action, uint64_t key, uint64_t new_key);

#endif
