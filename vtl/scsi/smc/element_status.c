/*
 * element_status.c: READ ELEMENT STATUS (SMC-3).
 *
 * The report has a page for each type of element in the range, in the order of
 * addresses.  A type without an element in the range has no page: mtx takes an
 * empty page for an error.  A descriptor that does not fit into the allocation
 * length is left out, and so are all that follow; the lengths in the headers are
 * those of the full report.
 *
 * An address beyond the last element is 5/21/01, by which "mtx altres" finds the
 * end.  A type without an element from the starting address on, where others
 * follow, is an empty report.
 */
#include "vtl/scsi/smc/impl.h"

#include <stdlib.h>

enum { VOLTAG = 0x10, TYPE = 0x0f, TYPE_MAX = 4, DVCID = 0x01 };
enum { HEADER_BYTES = 8, PVOLTAG = 0x80 };

struct request {
	uint8_t type; /* 0: all */
	unsigned start;
	size_t most; /* descriptors */
	struct smc_form form;
};

/* Addresses of a type of element; type 0: of all. */
static const struct {
	unsigned first, last;
} ranges[TYPE_MAX + 1] = {
	{ 0, UINT16_MAX },
	{ 0, CHANGER_IE_ADDRESS - 1 },
	{ CHANGER_SLOT_ADDRESS, UINT16_MAX },
	{ CHANGER_IE_ADDRESS, CHANGER_DRIVE_ADDRESS - 1 },
	{ CHANGER_DRIVE_ADDRESS, CHANGER_SLOT_ADDRESS - 1 },
};

/* Returns false, and fails the call, if a field of the CDB is invalid. */
static bool parse(struct device_call *call, struct request *request)
{
	const struct smc *smc = call->unit;
	const uint8_t *cdb = call->cdb;

	request->type = cdb[1] & TYPE;
	request->form.tags = cdb[1] & VOLTAG;
	request->form.identifiers = cdb[6] & DVCID;
	request->start = get_be16(cdb + 2);
	request->most = get_be16(cdb + 4);
	if (request->type > TYPE_MAX) {
		device_fail_field(call, 1, 3);
		return false;
	}
	if (!request->form.identifiers || !smc->options.identifiers_alone)
		return true;
	if (request->form.tags || request->type != TYPE_MAX) {
		device_fail_field(call, 1, request->form.tags ? 4 : 3);
		return false;
	}
	return true;
}

static bool list(struct device_call *call, unsigned first, unsigned last,
    size_t most, struct changer_element **elements, size_t *count)
{
	const struct smc *smc = call->unit;

	if (smc->library->list(smc->arg, first, last, most, elements, count) ==
	    CHANGER_OK)
		return true;
	device_fail(call, SENSE_HARDWARE_ERROR, 0x44, 0);
	return false;
}

/* Returns false, and fails the call, if no element follows the start. */
static bool starts_within(struct device_call *call,
    const struct request *request)
{
	struct changer_element *element;
	size_t count;

	if (request->start == 0)
		return true;
	if (!list(call, request->start, UINT16_MAX, 1, &element, &count))
		return false;
	free(element);
	if (count == 0)
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x21, 1);
	return count > 0;
}

/* Returns the number of elements at the begin that are of one kind. */
static size_t run_of(const struct changer_element *elements, size_t count)
{
	size_t n = 0;

	while (n < count && elements[n].kind == elements[0].kind)
		n++;
	return n;
}

static uint32_t report_bytes(const struct smc_form *form,
    const struct changer_element *elements, size_t count)
{
	uint64_t bytes = 0;

	for (size_t n; count > 0; elements += n, count -= n) {
		n = run_of(elements, count);
		bytes += HEADER_BYTES +
		    n * smc_descriptor_bytes(form, elements[0].kind);
	}
	return (uint32_t)bytes;
}

/* Returns whether the allocation length has room for this many bytes more. */
static bool fits(const struct device_call *call, size_t bytes)
{
	return bytes <= call->allocation - call->wanted;
}

/* Returns whether the whole page was sent. */
static bool reply_page(struct device_call *call, const struct smc_form *form,
    const struct changer_element *elements, size_t count)
{
	size_t each = smc_descriptor_bytes(form, elements[0].kind);
	uint8_t header[HEADER_BYTES] = { 0 }, bytes[SMC_DESCRIPTOR_MAX];

	header[0] = smc_type_code(elements[0].kind);
	header[1] = form->tags ? PVOLTAG : 0;
	put_be16(header + 2, each);
	put_be24(header + 5, count * each);
	if (!fits(call, sizeof header))
		return false;
	device_reply(call, header, sizeof header);
	for (size_t i = 0; i < count; i++) {
		if (!fits(call, each))
			return false;
		smc_encode_descriptor(call->unit, form, &elements[i], bytes);
		device_reply(call, bytes, each);
	}
	return true;
}

static void reply(struct device_call *call, const struct smc_form *form,
    const struct changer_element *elements, size_t count)
{
	uint8_t header[HEADER_BYTES] = { 0 };

	if (count > 0)
		put_be16(header, elements[0].address);
	put_be16(header + 2, count);
	put_be24(header + 5, report_bytes(form, elements, count));
	device_reply_begin(call, get_be24(call->cdb + 7));
	device_reply(call, header, sizeof header);
	for (size_t n; count > 0; elements += n, count -= n) {
		n = run_of(elements, count);
		if (!reply_page(call, form, elements, n))
			return;
	}
}

void smc_read_element_status(struct device_call *call)
{
	struct changer_element *elements;
	struct request request;
	unsigned first;
	size_t count;

	if (!parse(call, &request))
		return;
	first = ranges[request.type].first;
	if (first < request.start)
		first = request.start;
	if (!list(call, first, ranges[request.type].last, request.most,
		&elements, &count))
		return;
	if (count > 0 || starts_within(call, &request))
		reply(call, &request.form, elements, count);
	free(elements);
}
