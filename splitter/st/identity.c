/*
 * identity.c: which cartridge is in the drive, and its condition, by SCSI
 * commands through the node of the tape driver.
 *
 * That needs CAP_SYS_RAWIO; without it all is unknown.  A command here may meet
 * the unit attention of an exchanged cartridge or a reset, which the driver then
 * does not see.  So any error that is not a refusal of the command counts as an
 * error of reading: nothing is written before the tape was rewound, and its
 * first block compared.  If that block was not read yet, a unit attention that
 * loses the position ends writing: there is nothing to compare.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/scsi/facts/facts.h"

/* A port to the node of the tape driver, only for commands that ask. */
struct st_port {
	struct scsi_port port; /* first: cast to this */
	struct st *st;
};

static int64_t clock_ns(struct scsi_port *port)
{
	const struct device_calls *sys = ((struct st_port *)port)->st->sys;

	return sys->clock_ns(sys->arg);
}

/* A device that is busy is not waited for. */
static bool sleep_ns(struct scsi_port *port, int64_t ns)
{
	(void)port, (void)ns;
	return false;
}

/* Returns whether the answer may have hidden an exchange of the cartridge. */
static bool may_hide_exchange(const struct scsi_answer *a)
{
	enum { ILLEGAL_REQUEST = 5 };

	if (a->outcome == SCSI_NOT_SENT)
		return a->error != EPERM && a->error != EACCES;
	return a->outcome == SCSI_LOST ||
	    (a->status != SCSI_GOOD &&
		!(a->sense.valid && a->sense.key == ILLEGAL_REQUEST));
}

/* Sends the command.  `answer` is zero before. */
static void ask(struct st *st, const struct scsi_command *c,
    struct scsi_answer *answer)
{
	enum { MS_PER_S = 1000 };
	uint8_t cdb[SCSI_CDB_BYTES];
	sg_io_hdr_t header = {
		.interface_id = 'S',
		.dxfer_direction = SG_DXFER_FROM_DEV,
		.cmd_len = c->cdb_bytes,
		.mx_sb_len = SCSI_SENSE_BYTES,
		.dxfer_len = c->data_bytes,
		.dxferp = c->in,
		.cmdp = cdb,
		.sbp = answer->raw,
		.timeout = c->timeout_s * MS_PER_S,
	};

	memcpy(cdb, c->cdb, sizeof cdb);
	answer->error = st_scsi(st, &header);
	if (answer->error != 0) {
		answer->outcome = SCSI_NOT_SENT;
		return;
	}
	answer->raw_bytes = header.sb_len_wr;
	scsi_sense_decode(answer->raw, answer->raw_bytes, &answer->sense);
	answer->status = header.status;
	if (header.resid > 0 && (uint32_t)header.resid <= c->data_bytes)
		answer->residual = (uint32_t)header.resid;
	if (header.host_status != 0) {
		answer->outcome = SCSI_LOST;
		answer->error = EIO;
	}
}

static void execute(struct scsi_port *port, const struct scsi_command *c,
    struct scsi_answer *answer)
{
	struct st *st = ((struct st_port *)port)->st;
	struct real_drive *d = &st->drive;

	ask(st, c, answer);
	if (may_hide_exchange(answer))
		d->failed = d->must_rewind = d->may_be_other = true;
}

/* Makes a unit that is used through the port. */
static void begin(struct st *st, struct st_port *port, struct scsi_unit *unit)
{
	static const struct scsi_port_ops ops = {
		.execute = execute,
		.clock_ns = clock_ns,
		.sleep_ns = sleep_ns,
	};

	memset(port, 0, sizeof *port);
	port->port.ops = &ops;
	port->st = st;
	snprintf(port->port.name, sizeof port->port.name, "%s",
	    st->drive.device);
	scsi_unit_init(unit, &port->port);
}

/* The commands that asked are done. */
static void end(struct st *st, const struct scsi_unit *unit)
{
	if (unit->position_lost)
		real_may_be_other(&st->drive);
}

void st_op_identity(struct tape *tape, struct tape_identity *out)
{
	struct st *st = (struct st *)tape;
	struct st_port port;
	struct scsi_unit unit;

	out->blank_proof = TAPE_BLANK_PROOF_ERRNO;
	out->write_once = st->drive.worm ? TAPE_KNOWN_YES : TAPE_KNOWN_UNKNOWN;
	begin(st, &port, &unit);
	scsi_identify(&unit, out);
	end(st, &unit);
	out->barcode_claimed = real_barcode_claimed(tape);
}

void st_op_condition(struct tape *tape, struct tape_condition *out)
{
	struct st *st = (struct st *)tape;
	struct st_port port;
	struct scsi_unit unit;

	begin(st, &port, &unit);
	scsi_get_condition(&unit, out);
	end(st, &unit);
	if (!out->has_counters)
		snprintf(out->unknown, sizeof out->unknown,
		    "cannot be known over the node of the tape driver");
}
