/* device.c: devices, and the execution of commands; see device.h. */
#include "vtl/scsi/device/impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGER = 0x08, LINK = 0x01, NACA = 0x04 };
enum { REQUEST_SENSE = 0x03, INQUIRY = 0x12, REPORT_LUNS = 0xa0 };

static int compare_rows(const void *a, const void *b)
{
	const struct device_row *x = *(const struct device_row *const *)a;
	const struct device_row *y = *(const struct device_row *const *)b;

	if (x->opcode != y->opcode)
		return x->opcode < y->opcode ? -1 : 1;
	return (x->action > y->action) - (x->action < y->action);
}

static void sort_rows(struct device *device)
{
	qsort(device->rows, device->row_count, sizeof *device->rows,
	    compare_rows);
	for (size_t i = 1; i < device->row_count; i++)
		assert(compare_rows(&device->rows[i - 1], &device->rows[i]) <
		    0);
}

/* The commands of every device. */
static const struct device_rows *const common[] = {
	&device_common_rows,
	&device_reserve_rows,
	&device_persistent_in_rows,
	&device_persistent_out_rows,
	&device_timestamp_rows,
};

enum { COMMON = sizeof common / sizeof common[0] };

/* Stores what others may know of the unit without the lock. */
static void publish(struct device *device)
{
	const struct device_type *type = device->type;

	device->descriptors = type->descriptor_sense(device->unit);
	device->holds_medium =
	    type->holds_medium != NULL && type->holds_medium(device->unit);
}

struct device *device_new(const struct device_type *type, void *unit,
    const struct device_identity *identity,
    const struct device_rows *const *tables, size_t table_count)
{
	struct device *device = calloc(1, sizeof *device);
	size_t count = 0;

	for (size_t i = 0; i < table_count + COMMON; i++)
		count +=
		    i < COMMON ? common[i]->count : tables[i - COMMON]->count;
	if (device != NULL)
		device->rows = calloc(count, sizeof(struct device_row *));
	if (device == NULL || device->rows == NULL) {
		free(device);
		return NULL;
	}
	for (size_t i = 0; i < table_count + COMMON; i++) {
		const struct device_rows *table =
		    i < COMMON ? common[i] : tables[i - COMMON];

		for (size_t k = 0; k < table->count; k++)
			device->rows[device->row_count++] = &table->rows[k];
	}
	sort_rows(device);
	pthread_mutex_init(&device->lock, NULL);
	pthread_mutex_init(&device->nexus_lock, NULL);
	device->type = type;
	device->unit = unit;
	device->identity = *identity;
	publish(device);
	return device;
}

void device_free(struct device *device)
{
	if (device == NULL)
		return;
	pthread_mutex_destroy(&device->nexus_lock);
	pthread_mutex_destroy(&device->lock);
	free(device->rows);
	free(device);
}

const struct device_identity *device_identity(const struct device *device)
{
	return &device->identity;
}

/* The device was locked: a visit that was asked for comes before all else. */
static void begin(struct device *device)
{
	if (atomic_exchange(&device->asked, false) && device->visitor != NULL)
		device->visitor(device->visitor_arg);
}

void device_lock(struct device *device)
{
	pthread_mutex_lock(&device->lock);
	begin(device);
}

bool device_trylock(struct device *device)
{
	if (pthread_mutex_trylock(&device->lock) != 0)
		return false;
	begin(device);
	return true;
}

void device_unlock(struct device *device)
{
	/*
	 * Who asked for a visit, and found the device locked, needs another thread
	 * for it: the next one that locks the device, or this one.
	 */
	do {
		publish(device);
		pthread_mutex_unlock(&device->lock);
	} while (device->asked && device_trylock(device));
}

void device_set_visitor(struct device *device, device_visitor *visitor,
    void *arg)
{
	device_lock(device);
	device->visitor = visitor;
	device->visitor_arg = arg;
	device_unlock(device);
}

void device_visit(struct device *device)
{
	device->asked = true;
	if (device_trylock(device))
		device_unlock(device);
}

bool device_holds_medium(struct device *device)
{
	return device->holds_medium;
}

void device_set_watch(struct device *device, device_watch *watch, void *arg)
{
	device_lock(device);
	device->watch = watch;
	device->watch_arg = arg;
	device_unlock(device);
}

void device_set_abort(struct device *device, device_abort *abort, void *arg)
{
	device_lock(device);
	device->abort = abort;
	device->abort_arg = arg;
	device_unlock(device);
}

static struct scsi_nexuses *nexuses(struct device *device)
{
	return device->type->nexuses(device->unit);
}

/*
 * Returns the row of the command; NULL, and fails the call, if the device has
 * no such command.
 */
static const struct device_row *find_row(struct device_call *call)
{
	const struct device *device = call->device;
	bool known = false;

	for (size_t i = 0; i < device->row_count; i++) {
		const struct device_row *row = device->rows[i];

		if (row->opcode != call->cdb[0])
			continue;
		known = true;
		if (row->action == DEVICE_NO_ACTION ||
		    row->action == (call->cdb[1] & 0x1f))
			return row;
	}
	if (known)
		device_fail_field(call, 1, 4);
	else
		device_fail_opcode(call);
	return NULL;
}

/* Returns false, and fails the call, if the control byte asks for ACA. */
static bool control_is_good(struct device_call *call,
    const struct device_row *row)
{
	unsigned at = row->bytes - 1u;
	uint8_t control = call->cdb[at];

	if ((control & (NACA | LINK)) == 0)
		return true;
	device_fail_field(call, at, control & NACA ? 2 : 0);
	return false;
}

/* Returns whether a pending unit attention ends the call. */
static bool has_attention(struct device_call *call,
    const struct device_row *row)
{
	const struct sense *sense;

	if (row != NULL && (row->flags & DEVICE_IGNORES_ATTENTION))
		return false;
	sense =
	    scsi_attention_take(nexuses(call->device), call->command->nexus);
	if (sense != NULL)
		device_fail(call, sense->key, sense->asc, sense->ascq);
	return sense != NULL;
}

/*
 * Clears what may be a LUN in byte 1, but keeps the bits that the command
 * evaluates.
 */
static void ignore_lun(const struct device *device,
    const struct device_row *row, uint8_t cdb[DEVICE_CDB_BYTES])
{
	if (cdb[0] < 0x20 || device->identity.type == CHANGER)
		cdb[1] &= 0x1f | row->usage[1];
}

/*
 * Returns whether the unit was reset during the command, which reports that:
 * unit attentions that were pending have ended it before.
 */
static bool was_reset(const struct device_answer *answer)
{
	return answer->status == DEVICE_CHECK_CONDITION &&
	    answer->decoded.sense.key == SENSE_UNIT_ATTENTION &&
	    answer->decoded.sense.asc == 0x29;
}

static void execute(struct device_call *call, uint8_t cdb[DEVICE_CDB_BYTES])
{
	const struct device_type *type = call->device->type;
	const struct device_row *row = find_row(call);

	/* A unit attention comes before an error of the command. */
	if (has_attention(call, row))
		return;
	if (row == NULL)
		return;
	/* No reservation conflicts with a command of device_runs_beside(). */
	if (!call->beside &&
	    reservation_conflicts(&call->device->reservations, call, row)) {
		device_conflict(call);
		return;
	}
	if (!control_is_good(call, row))
		return;
	ignore_lun(call->device, row, cdb);
	if (!call->beside && type->set_nexus != NULL)
		type->set_nexus(call->unit, call->command->nexus);
	row->run(call);
	if (was_reset(call->answer))
		reservation_reset(&call->device->reservations);
}

static void set_progress(struct device *device, unsigned nexus, uint8_t opcode)
{
	device->progress =
	    ++device->executed << 16 | (uint64_t)nexus << 8 | opcode;
}

void device_get_progress(const struct device *device,
    struct device_progress *progress)
{
	const uint64_t bits = device->progress;

	*progress = (struct device_progress){ .number = bits >> 16,
		.resets = (bits >> 8 & 0xff) == DEVICE_NEXUSES,
		.nexus = bits >> 8 & 0xff,
		.opcode = bits & 0xff };
}

/* Executes a command; `locked`: the device is. */
static void execute_command(struct device *device,
    const struct device_command *command, bool locked, int64_t now_ns,
    struct device_answer *answer)
{
	uint8_t cdb[DEVICE_CDB_BYTES];
	struct device_call call = {
		.device = device,
		.unit = device->unit,
		.command = command,
		.cdb = cdb,
		.now_ns = now_ns,
		.answer = answer,
		.beside = !locked,
	};

	assert(command->nexus < DEVICE_NEXUSES);
	memcpy(cdb, command->cdb, sizeof cdb);
	device_answer_init(answer, now_ns);
	if (locked)
		set_progress(device, command->nexus, cdb[0]);
	execute(&call, cdb);
	device_answer_finish(&call,
	    locked ? device->type->descriptor_sense(call.unit)
		   : device->descriptors);
	if (device->watch != NULL)
		device->watch(device->watch_arg, command, answer);
	if (locked)
		device->progress = 0;
}

void device_execute(struct device *device, const struct device_command *command,
    int64_t now_ns, struct device_answer *answer)
{
	bool locks = true;

	if (!device_runs_beside(command->cdb))
		device_lock(device);
	else /* only REQUEST SENSE uses the unit */
		locks =
		    command->cdb[0] == REQUEST_SENSE && device_trylock(device);
	execute_command(device, command, locks, now_ns, answer);
	if (locks)
		device_unlock(device);
}

bool device_execute_quickly(struct device *device,
    const struct device_command *command, int64_t now_ns,
    struct device_answer *answer)
{
	bool quick;

	if (device->type->is_quick == NULL || !device_trylock(device))
		return false;
	quick = device->type->is_quick(device->unit, command->cdb);
	if (quick)
		execute_command(device, command, true, now_ns, answer);
	device_unlock(device);
	return quick;
}

bool device_runs_beside(const uint8_t cdb[DEVICE_CDB_BYTES])
{
	return cdb[0] == INQUIRY || cdb[0] == REPORT_LUNS ||
	    cdb[0] == REQUEST_SENSE;
}

static bool same_port(const struct device_port *a, const struct device_port *b)
{
	return memcmp(a->isid, b->isid, sizeof a->isid) == 0 &&
	    strcmp(a->initiator, b->initiator) == 0 &&
	    strcmp(a->target, b->target) == 0;
}

void device_nexus_open(struct device *device, unsigned nexus,
    const struct device_port *port)
{
	enum scsi_attention attention = SCSI_POWER_ON;

	assert(nexus < DEVICE_NEXUSES);
	pthread_mutex_lock(&device->nexus_lock);
	for (size_t i = 0; i < DEVICE_NEXUSES; i++) {
		struct device_nexus *old = &device->nexus[i];

		if (!old->used || old->open || !same_port(&old->port, port))
			continue;
		old->used = false;
		attention = SCSI_NEXUS_LOSS;
	}
	device->nexus[nexus] =
	    (struct device_nexus){ .open = true, .used = true, .port = *port };
	reservation_nexus_lost(&device->reservations, nexus);
	nexuses(device)->pending[nexus] = 0;
	scsi_attention_set(nexuses(device), nexus, attention);
	pthread_mutex_unlock(&device->nexus_lock);
}

void device_nexus_quiet(struct device *device, unsigned nexus)
{
	assert(nexus < DEVICE_NEXUSES);
	nexuses(device)->pending[nexus] = 0;
}

void device_nexus_lost(struct device *device, unsigned nexus)
{
	assert(nexus < DEVICE_NEXUSES);
	pthread_mutex_lock(&device->nexus_lock);
	device->nexus[nexus].open = false;
	nexuses(device)->prevented &= ~(UINT64_C(1) << nexus);
	reservation_nexus_lost(&device->reservations, nexus);
	pthread_mutex_unlock(&device->nexus_lock);
}

void device_reset(struct device *device, int64_t now_ns)
{
	device_lock(device);
	set_progress(device, DEVICE_NEXUSES, 0);
	device->type->reset(device->unit, now_ns);
	nexuses(device)->prevented = 0;
	reservation_reset(&device->reservations);
	scsi_attention_establish(nexuses(device), SCSI_UNIT_RESET,
	    SCSI_EVERY_NEXUS);
	device->progress = 0;
	device_unlock(device);
}

void device_commands_cleared(struct device *device, uint64_t cleared)
{
	for (unsigned i = 0; i < DEVICE_NEXUSES; i++)
		if (cleared >> i & 1)
			scsi_attention_set(nexuses(device), i,
			    SCSI_COMMANDS_CLEARED);
}

void device_establish(struct device *device, enum scsi_attention attention,
    unsigned except)
{
	scsi_attention_establish(nexuses(device), attention, except);
}
