/* check_nonsense_device.c: answers of any length and content do no harm. */
#include <check.h>
#include <string.h>

#include "splitter/base/random.h"
#include "splitter/scsi/facts/facts.h"
#include "splitter/tests/run_suite.h"

/* A device that answers nonsense: any bytes, any length, any sense data. */
struct nonsense {
	struct scsi_port port;
	uint64_t state;
	int64_t now_ns;
};

static uint32_t draw(struct nonsense *n, uint32_t below)
{
	n->state = random_next(n->state, 1);
	return (uint32_t)(n->state % below);
}

/* Length fields are where they hurt: small, large, and off by a little. */
static void fill(struct nonsense *n, uint8_t *data, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		data[i] = draw(n, 3) == 0 ? (uint8_t)draw(n, 256) : 0;
	if (bytes > 4 && draw(n, 2) == 0) {
		data[2] = (uint8_t)(bytes >> 8);
		data[3] = (uint8_t)(bytes - 4 + draw(n, 9));
	}
}

static void answer_nonsense(struct scsi_port *p, const struct scsi_command *c,
    struct scsi_answer *a)
{
	enum { MOST = 512 };
	struct nonsense *n = (struct nonsense *)p;
	uint32_t room;

	n->now_ns += 1000000;
	a->has_residual = true;
	if (draw(n, 8) == 0) {
		a->status = SCSI_CHECK_CONDITION;
		fill(n, a->raw, SCSI_SENSE_BYTES);
		a->raw_bytes = (uint8_t)draw(n, SCSI_SENSE_BYTES + 1);
		a->raw[0] = (uint8_t)(0x70 + draw(n, 4));
		scsi_sense_decode(a->raw, a->raw_bytes, &a->sense);
		return;
	}
	if (c->direction != SCSI_DATA_IN)
		return;
	room = c->data_bytes < MOST ? c->data_bytes : MOST;
	fill(n, c->in, room);
	/* The page that was asked for, or nothing else would be looked at. */
	if (c->cdb[0] == 0x12)
		((uint8_t *)c->in)[1] = c->cdb[2];
	if (c->cdb[0] == 0x4d)
		((uint8_t *)c->in)[0] = c->cdb[2] & 0x3f;
	a->residual =
	    c->data_bytes - (draw(n, 2) == 0 ? room : draw(n, room + 1));
}

static int64_t nonsense_clock_ns(struct scsi_port *p)
{
	return ((struct nonsense *)p)->now_ns;
}

static bool nonsense_sleep_ns(struct scsi_port *p, int64_t ns)
{
	((struct nonsense *)p)->now_ns += ns;
	return true;
}

static void ignore_page(void *arg, struct scsi_log_id id, const uint8_t *data,
    size_t bytes)
{
	struct scsi_log_value value;
	size_t at = 0;

	(void)id;
	while (scsi_log_next(data, bytes, &at, &value))
		*(uint64_t *)arg += scsi_log_number(&value);
}

static void ignore_attribute(void *arg, const struct scsi_attribute *a)
{
	char text[16];

	scsi_attribute_text(a, text, sizeof text);
	*(uint64_t *)arg += scsi_attribute_number(a) + strlen(text);
}

START_TEST(nonsense_of_a_device_does_no_harm)
{
	static const struct scsi_port_ops ops = { .execute = answer_nonsense,
		.clock_ns = nonsense_clock_ns,
		.sleep_ns = nonsense_sleep_ns };
	struct nonsense n = { .port = { .ops = &ops, .name = "/dev/sg3" },
		.state = (uint64_t)_i };
	static struct scsi_persistent persistent;
	static struct tape_counters counters;
	static struct scsi_facts facts;
	char err[512] = "";
	struct scsi_medium medium;
	struct scsi_unit u;
	uint64_t sum = 0;

	scsi_unit_init(&u, &n.port);
	for (int i = 0; i < 10; i++) {
		if (!scsi_facts_read(&u, NULL, 65536, &facts, err, sizeof err))
			ck_assert_str_ne(err, "");
		scsi_medium_read(&u, &medium);
		scsi_counters_read(&u, TAPE_MAKER_HP, &counters);
		ck_assert_uint_le(counters.count, TAPE_COUNTERS_MAX);
		if (scsi_send_persistent_read(&u, &persistent))
			ck_assert_uint_ge(persistent.count,
			    persistent.type != SCSI_NOT_RESERVED &&
				persistent.has_ports);
		scsi_raw_log_pages(&u, ignore_page, &sum);
		scsi_raw_attributes(&u, 0, ignore_attribute, &sum);
		ck_assert_uint_ge(scsi_timeout_s(&u.timeouts, 0x01,
				      SCSI_ANY_ACTION),
		    60);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nonsense_device");
	TCase *t = tcase_create("nonsense_device");

	tcase_add_loop_test(t, nonsense_of_a_device_does_no_harm, 0,
	    SANITIZED > 1 ? 5 : 10);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
