/*
 * log_select.c: LOG SELECT (SPC-4).
 *
 * Without a parameter list it resets counters.  A list sets the values of
 * counters, which then count on; TapeAlert flags can only be cleared.  A list
 * with anything that cannot be set changes nothing.
 */
#include "vtl/scsi/pages/impl.h"

enum {
	SAVE = 0x01,
	RESET = 0x02, /* PCR */
	CURRENT = 1,  /* page control: the values, not thresholds */
	DEFAULT = 3,
	SUBPAGE_FORMAT = 0x40,
	PAGE_HEADER = 4,
	PARAMETER_HEADER = 4,
	ETC = 0x10 /* of a parameter: compare it with its threshold */
};

static bool reset(struct device_call *call, uint8_t page)
{
	struct pages_changer *changer = call->unit;

	if (!pages_is_changer(call))
		return scsi_log_reset(call->unit, page, call->now_ns);
	if (page != SCSI_LOG_SUPPORTED && page != SCSI_LOG_TAPEALERT)
		return false;
	changer->alerts = 0;
	device_establish(call->device, SCSI_LOG_CHANGED, call->command->nexus);
	return true;
}

/* A parameter list that is read. */
struct list {
	struct device_call *call;
	const uint8_t *bytes;
	size_t count;
	bool really; /* set the values; the list was found valid */
};

static void fail_length(const struct list *list)
{
	device_fail(list->call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
}

static void fail_at(const struct list *list, size_t at, int bit)
{
	device_fail_parameter(list->call, (unsigned)at, bit);
}

static const struct scsi_log_parameter *find(const struct scsi_log *log,
    uint16_t code)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->parameters[i].code == code)
			return &log->parameters[i];
	return NULL;
}

static void set_value(struct device_call *call, uint8_t page, uint16_t code,
    uint64_t value)
{
	struct pages_changer *changer = call->unit;

	if (!pages_is_changer(call))
		scsi_log_set(call->unit, page, code, value, call->now_ns);
	else
		changer->alerts &= ~(UINT64_C(1) << (code - 1));
}

/* Reads the parameter at `at`, which is complete, of a page. */
static void read_parameter(const struct list *list, const struct scsi_log *log,
    uint8_t page, size_t at)
{
	const uint8_t *given = list->bytes + at;
	const struct scsi_log_parameter *p = find(log, get_be16(given));
	uint64_t value = 0;

	if (p == NULL || p->kind != SCSI_LOG_COUNTER) {
		fail_at(list, at, DEVICE_NO_BIT);
		return;
	}
	if (given[2] & ETC) {
		fail_at(list, at + 2, 4);
		return;
	}
	if (given[3] != p->bytes) {
		fail_at(list, at + 3, DEVICE_NO_BIT);
		return;
	}
	for (unsigned i = 0; i < p->bytes; i++)
		value = value << 8 | given[PARAMETER_HEADER + i];
	if (page == SCSI_LOG_TAPEALERT && value != 0)
		fail_at(list, at + PARAMETER_HEADER, DEVICE_NO_BIT);
	else if (list->really)
		set_value(list->call, page, p->code, value);
}

/* Reads the parameters of a page, between two bytes of the list. */
static void read_parameters(const struct list *list, const struct scsi_log *log,
    uint8_t page, size_t at, size_t end)
{
	int last = -1;

	while (at < end && !device_has_failed(list->call)) {
		if (end - at < PARAMETER_HEADER ||
		    end - at < PARAMETER_HEADER + (size_t)list->bytes[at + 3]) {
			fail_length(list);
			return;
		}
		if (get_be16(list->bytes + at) <= last) {
			fail_at(list, at, DEVICE_NO_BIT);
			return;
		}
		last = get_be16(list->bytes + at);
		read_parameter(list, log, page, at);
		at += PARAMETER_HEADER + list->bytes[at + 3];
	}
}

/* Reads all pages of the list, which ascend. */
static void read_list(const struct list *list)
{
	struct scsi_log log;
	size_t at = 0, end;
	int last = 0; /* page 00h has nothing to set */

	for (; at < list->count && !device_has_failed(list->call); at = end) {
		const uint8_t *header = list->bytes + at;
		const uint8_t page = header[0] & 0x3f;

		if (list->count - at < PAGE_HEADER) {
			fail_length(list);
			return;
		}
		if ((header[0] & SUBPAGE_FORMAT) || header[1] != 0 ||
		    page <= last ||
		    !pages_get_log(list->call, page, true, &log)) {
			fail_at(list, at, DEVICE_NO_BIT);
			return;
		}
		last = page;
		end = at + PAGE_HEADER + get_be16(header + 2);
		if (end > list->count) {
			fail_length(list);
			return;
		}
		read_parameters(list, &log, page, at + PAGE_HEADER, end);
	}
}

static void set_values(struct device_call *call, size_t bytes)
{
	struct list list = { .call = call, .count = bytes };

	if (call->cdb[1] & RESET)
		device_fail_field(call, 1, 1);
	else if (call->cdb[2] >> 6 != CURRENT)
		device_fail_field(call, 2, 7);
	else if ((call->cdb[2] & 0x3f) != 0)
		device_fail_field(call, 2, 5);
	else
		list.bytes = device_parameters(call, bytes);
	if (list.bytes == NULL)
		return;
	read_list(&list);
	if (device_has_failed(call))
		return;
	list.really = true;
	read_list(&list);
	device_establish(call->device, SCSI_LOG_CHANGED, call->command->nexus);
}

void pages_log_select(struct device_call *call)
{
	const unsigned control = call->cdb[2] >> 6;
	const size_t bytes = get_be16(call->cdb + 7);

	if (call->cdb[1] & SAVE)
		device_fail_field(call, 1, 0);
	else if (call->cdb[3] != 0)
		device_fail_field(call, 3, DEVICE_NO_BIT);
	else if (bytes > 0)
		set_values(call, bytes);
	else if (((call->cdb[1] & RESET) || control == DEFAULT) &&
	    !reset(call, call->cdb[2] & 0x3f))
		device_fail_field(call, 2, 5);
}
