/* inquiry.c: INQUIRY, standard data (SPC-4). */
#include "vtl/scsi/pages/impl.h"

enum {
	EVPD = 0x01,
	CMDDT = 0x02,
	REMOVABLE = 0x80,
	SPC_4 = 0x06,
	FORMAT = 0x12, /* HISUP, response data format 2 */
	/* BARC, bar code reader: IBM 3584 in byte 6, IBM 3573 in byte 55 */
	BAR_CODES = 0x20,
	BAR_CODES_3573 = 0x01,
	QUEUES = 0x02, /* CMDQUE */
	VENDOR_BYTES = 20,
	VERSIONS_AT = 58,
	BYTES = 96
};

static void put_versions(struct pages_data *data, bool changer)
{
	pages_put(data, 0x00a0, 2);                    /* SAM-5 */
	pages_put(data, 0x0960, 2);                    /* iSCSI */
	pages_put(data, 0x0460, 2);                    /* SPC-4 */
	pages_put(data, changer ? 0x0480 : 0x0520, 2); /* SMC-3, SSC-4 */
}

static void standard(struct device_call *call)
{
	const struct device_identity *identity = device_identity(call->device);
	bool changer = pages_is_changer(call);
	struct pages_data data = { 0 };

	pages_put(&data, identity->type, 1);
	pages_put(&data, REMOVABLE, 1);
	pages_put(&data, SPC_4, 1);
	pages_put(&data, FORMAT, 1);
	pages_put(&data, BYTES - 5, 1);
	pages_put(&data, 0, 1);
	pages_put(&data, changer ? BAR_CODES : 0, 1);
	pages_put(&data, QUEUES, 1);
	pages_put_text(&data, identity->vendor, 8);
	pages_put_text(&data, identity->product, 16);
	pages_put_text(&data, identity->revision, 4);
	pages_put_zeros(&data, VENDOR_BYTES - 1);
	pages_put(&data, changer ? BAR_CODES_3573 : 0, 1);
	pages_put_zeros(&data, VERSIONS_AT - data.used);
	put_versions(&data, changer);
	pages_put_zeros(&data, BYTES - data.used);
	pages_reply(call, &data, get_be16(call->cdb + 3));
}

void pages_inquiry(struct device_call *call)
{
	if (call->cdb[1] & CMDDT)
		device_fail_field(call, 1, 1);
	else if (call->cdb[1] & EVPD)
		pages_inquire_page(call);
	else if (call->cdb[2] != 0)
		device_fail_field(call, 2, DEVICE_NO_BIT);
	else
		standard(call);
}
