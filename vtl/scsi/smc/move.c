/*
 * move.c: the robot moves: MOVE MEDIUM, POSITION TO ELEMENT, and inventories.
 *
 * Sense data of a move: SMC-3; where that has no code of its own, what IBM 3573
 * and TS3310 report.
 */
#include "vtl/scsi/smc/impl.h"

#include <stdlib.h>

enum { INVERT = 0x01, RANGE = 0x01 };

/* How the reasons are reported, in the order of enum changer_reason. */
static const struct sense senses[] = {
	[CHANGER_REASON_NONE] = { .key = SENSE_NO_SENSE },
	[CHANGER_REASON_STATE] = { SENSE_HARDWARE_ERROR, 0x44, 0x00, 0, 0 },
	[CHANGER_REASON_OTHER] = { SENSE_HARDWARE_ERROR, 0x44, 0x00, 0, 0 },
	[CHANGER_REASON_NO_ELEMENT] = { SENSE_ILLEGAL_REQUEST, 0x21, 0x01, 0,
	    0 },
	[CHANGER_REASON_WRONG_KIND] = { SENSE_ILLEGAL_REQUEST, 0x21, 0x01, 0,
	    0 },
	[CHANGER_REASON_SOURCE_EMPTY] = { SENSE_ILLEGAL_REQUEST, 0x3b, 0x0e, 0,
	    0 },
	[CHANGER_REASON_DESTINATION_FULL] = { SENSE_ILLEGAL_REQUEST, 0x3b, 0x0d,
	    0, 0 },
	[CHANGER_REASON_SLOTS_FULL] = { SENSE_ILLEGAL_REQUEST, 0x3b, 0x0d, 0,
	    0 },
	[CHANGER_REASON_IN_USE] = { SENSE_ILLEGAL_REQUEST, 0x53, 0x02, 0, 0 },
	[CHANGER_REASON_INCOMPATIBLE] = { SENSE_ILLEGAL_REQUEST, 0x30, 0x00, 0,
	    0 },
	[CHANGER_REASON_WORN_OUT] = { SENSE_ILLEGAL_REQUEST, 0x30, 0x07, 0, 0 },
	[CHANGER_REASON_ROBOT_STUCK] = { SENSE_HARDWARE_ERROR, 0x15, 0x01, 0,
	    0 },
	[CHANGER_REASON_LOAD_FAILED] = { SENSE_HARDWARE_ERROR, 0x53, 0x00, 0,
	    0 },
	[CHANGER_REASON_FOUND_EMPTY] = { SENSE_ILLEGAL_REQUEST, 0x3b, 0x0e, 0,
	    0 },
	/* The next READ ELEMENT STATUS shows what happened. */
	[CHANGER_REASON_WRONG_CARTRIDGE] = { .key = SENSE_NO_SENSE },
	[CHANGER_REASON_NOT_UNLOADED] = { SENSE_ILLEGAL_REQUEST, 0x53, 0x01, 0,
	    0 },
	[CHANGER_REASON_UNLOAD_FAILED] = { SENSE_HARDWARE_ERROR, 0x53, 0x01, 0,
	    0 },
	[CHANGER_REASON_PREVENTED] = { SENSE_ILLEGAL_REQUEST, 0x53, 0x03, 0,
	    0 },
};

/* TapeAlert flags of changers (SMC-3), 0: none. */
enum { HARDWARE = 4, LOAD_RETRY = 15, INVENTORY = 24 };

static const uint8_t alerts[] = {
	[CHANGER_REASON_STATE] = INVENTORY,
	[CHANGER_REASON_OTHER] = HARDWARE,
	[CHANGER_REASON_ROBOT_STUCK] = HARDWARE,
	[CHANGER_REASON_LOAD_FAILED] = LOAD_RETRY,
	[CHANGER_REASON_UNLOAD_FAILED] = LOAD_RETRY,
	[CHANGER_REASON_FOUND_EMPTY] = INVENTORY,
};

/* Sets the TapeAlert flag of the reason, if it has one. */
static void set_alert(struct smc *smc, enum changer_reason reason)
{
	if ((size_t)reason < sizeof alerts && alerts[reason] != 0)
		smc->pages.alerts |= UINT64_C(1) << (alerts[reason] - 1);
}

static void fail(struct device_call *call, enum changer_reason reason)
{
	const struct sense *sense = &senses[reason];

	set_alert(call->unit, reason);
	if (sense->key != SENSE_NO_SENSE)
		device_fail(call, sense->key, sense->asc, sense->ascq);
}

/* Gets an element.  Returns false, and fails the call, if it does not exist. */
static bool find(struct device_call *call, unsigned address,
    struct changer_element *element)
{
	const struct smc *smc = call->unit;
	struct changer_element *list;
	bool found = false;
	size_t count;

	if (smc->library->list(smc->arg, address, address, 1, &list, &count) !=
	    CHANGER_OK) {
		fail(call, CHANGER_REASON_STATE);
		return false;
	}
	if (count > 0) {
		*element = list[0];
		found = true;
	} else {
		fail(call, CHANGER_REASON_NO_ELEMENT);
	}
	free(list);
	return found;
}

/* Returns whether the element exists; fails the call if not. */
static bool exists(struct device_call *call, unsigned address)
{
	struct changer_element element;

	return find(call, address, &element);
}

/*
 * Returns whether a cartridge can lie in the element; fails the call if not: it
 * does not exist, or is a bay without a drive, as READ ELEMENT STATUS reports.
 */
static bool has_place(struct device_call *call, unsigned address)
{
	const struct smc *smc = call->unit;
	struct smc_drive drive = { .identity = NULL };
	struct changer_element element;

	if (!find(call, address, &element))
		return false;
	if (element.kind != CHANGER_KIND_DRIVE)
		return true;
	smc->library->get_drive(smc->arg, element.number, &drive);
	if (drive.identity == NULL)
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x83, 0x04);
	return drive.identity != NULL;
}

/* Returns false, and fails the call, if the CDB names another robot. */
static bool is_robot(struct device_call *call)
{
	unsigned transport = get_be16(call->cdb + 2);

	if (transport == 0 || transport == CHANGER_ROBOT_ADDRESS)
		return true;
	fail(call, CHANGER_REASON_NO_ELEMENT);
	return false;
}

/*
 * Returns whether this is an import/export slot while a host prevents removal.
 */
static bool is_locked(const struct smc *smc, unsigned address)
{
	return smc->nexuses.prevented != 0 && address >= CHANGER_IE_ADDRESS &&
	    address < CHANGER_DRIVE_ADDRESS;
}

void smc_move_medium(struct device_call *call)
{
	struct smc *smc = call->unit;
	const struct smc_move move = {
		.from = get_be16(call->cdb + 4),
		.to = get_be16(call->cdb + 6),
		.nexus = call->command->nexus,
		.host_unloads = smc->options.host_unloads,
		.now_ns = call->now_ns,
	};
	enum changer_reason reason;

	if (call->cdb[10] & INVERT) {
		device_fail_field(call, 10, 0);
		return;
	}
	/* Address 0 would be the source address for changer_move(). */
	if (!is_robot(call) || !has_place(call, move.from) ||
	    !has_place(call, move.to))
		return;
	if (is_locked(smc, move.to)) {
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x53, 0x02);
		return;
	}
	reason = smc->library->move(smc->arg, &move, &call->answer->done_ns);
	if (reason == CHANGER_REASON_FOUND_EMPTY) {
		smc_set_found_empty(smc, move.from);
	} else if (reason == CHANGER_REASON_NONE) {
		smc_clear_found_empty(smc, move.from, move.from);
		smc_clear_found_empty(smc, move.to, move.to);
	}
	fail(call, reason);
}

void smc_position(struct device_call *call)
{
	const struct smc *smc = call->unit;
	unsigned address = get_be16(call->cdb + 4);

	if (call->cdb[8] & INVERT) {
		device_fail_field(call, 8, 0);
		return;
	}
	if (!is_robot(call))
		return;
	if (address == CHANGER_ROBOT_ADDRESS)
		fail(call, CHANGER_REASON_WRONG_KIND);
	else if (exists(call, address))
		call->answer->done_ns =
		    smc->library->position(smc->arg, address, call->now_ns);
}

static void inventory(struct device_call *call, unsigned first, unsigned last)
{
	struct smc *smc = call->unit;

	call->answer->done_ns =
	    smc->library->inventory(smc->arg, first, last, call->now_ns);
	smc_clear_found_empty(smc, first, last);
}

void smc_initialize(struct device_call *call)
{
	inventory(call, 0, UINT16_MAX);
}

void smc_initialize_range(struct device_call *call)
{
	unsigned first = get_be16(call->cdb + 2);
	unsigned count = get_be16(call->cdb + 6);
	unsigned last = UINT16_MAX;

	if ((call->cdb[1] & RANGE) == 0) {
		smc_initialize(call);
		return;
	}
	if (!exists(call, first))
		return;
	/* 0: all that follow */
	if (count > 0 && count - 1 < UINT16_MAX - first)
		last = first + count - 1;
	inventory(call, first, last);
}
