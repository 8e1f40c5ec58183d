/* serve_fixture.c: see serve_fixture.h. */
#include "vtl/serve/tests/serve_fixture.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vtl/serve/control.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

int64_t served_patience_ns, served_look_ns, served_exchange_wait_ns;

static void warn(void *arg, const char *message)
{
	struct served *s = arg;

	snprintf(s->warned, sizeof s->warned, "%s", message);
}

void served_open(struct served *s, const struct pace_clock *clock)
{
	const struct serve_options options = { .clock = clock,
		.speed_permille = PACE_REAL_TIME,
		.warn = warn,
		.warn_arg = s,
		.patience_ns = served_patience_ns,
		.look_ns = served_look_ns,
		.exchange_wait_ns = served_exchange_wait_ns,
		.strict = true };
	char message[SERVE_MESSAGE_BYTES], name[32];
	struct device_port port = { .target = "iqn.2026-11.tapelab:lib" };
	unsigned nexus;
	size_t i;

	memset(s, 0, sizeof *s);
	s->serve = serve_open(scratch_path("lib"), &options, message);
	ck_assert_msg(s->serve != NULL, "%s", message);
	for (nexus = 0; nexus < 2; nexus++) {
		snprintf(name, sizeof name, "iqn.2026-11.test:%u", nexus);
		strcpy(port.initiator, name);
		port.isid[0] = (uint8_t)nexus;
		serve_nexus_opened(s->serve, nexus, name);
		for (i = 0; i < serve_device_count(s->serve); i++) {
			device_nexus_open(serve_get_device(s->serve, i).device,
			    nexus, &port);
			served_do(s, nexus, i, "00 00 00 00 00 00", 0);
		}
	}
}

void served_make(struct served *s)
{
	on_disk_make(NULL);
	served_open(s, NULL);
}

void served_end(struct served *s)
{
	ck_assert(serve_close(s->serve));
	s->serve = NULL;
}

const char *served_do(struct served *s, unsigned nexus, size_t i,
    const char *cdb, uint32_t expected)
{
	static char text[16];
	struct device *device = serve_get_device(s->serve, i).device;
	struct unit_clocks *clocks = serve_clocks(s->serve);
	struct unit_time begun = unit_clock_begin(clocks, i);
	struct device_command c = { .nexus = nexus,
		.expected = expected,
		.out = s->out,
		.out_bytes = expected,
		.in = s->in,
		.in_room = expected };
	size_t n;
	char *end;

	for (n = 0; *cdb != '\0' && n < sizeof c.cdb; n++, cdb = end)
		c.cdb[n] = (uint8_t)strtoul(cdb, &end, 16);
	ck_assert_uint_le(expected, SERVED_ROOM);
	device_execute(device, &c, begun.now_ns, &s->answer);
	unit_clock_end(clocks, i, &begun, s->answer.done_ns);
	if (s->answer.status == DEVICE_GOOD)
		return "good";
	snprintf(text, sizeof text, "%X/%02X/%02X", s->answer.decoded.sense.key,
	    s->answer.decoded.sense.asc, s->answer.decoded.sense.ascq);
	return text;
}

void served_good(struct served *s, size_t i, const char *cdb, uint32_t expected)
{
	const char *answer = served_do(s, 0, i, cdb, expected);

	ck_assert_msg(strcmp(answer, "good") == 0, "%s: %s", cdb, answer);
}

void served_fails(struct served *s, size_t i, const char *cdb,
    uint32_t expected, const char *sense)
{
	ck_assert_str_eq(served_do(s, 0, i, cdb, expected), sense);
}

const char *served_ask(const char *request)
{
	static char text[SERVE_MESSAGE_BYTES];
	char message[SERVE_MESSAGE_BYTES];
	struct serve_client *client =
	    serve_client_open(scratch_path("lib"), message);
	json_t *answer;
	char *dump;

	ck_assert_msg(client != NULL, "%s", message);
	answer = serve_client_ask(client, json_loads(request, 0, NULL), text);
	serve_client_close(client);
	if (answer == NULL)
		return text;
	json_object_del(answer, "ok");
	dump = json_dumps(answer, JSON_COMPACT);
	snprintf(text, sizeof text, "%s", dump);
	free(dump);
	json_decref(answer);
	return text;
}

int served_connect(void)
{
	int folder = open(scratch_path("lib"), O_PATH | O_DIRECTORY);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un address;

	serve_control_address(folder, &address);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address,
			     sizeof address),
	    0);
	close(folder);
	return fd;
}

unsigned served_where(const char *barcode)
{
	char sql[128];

	snprintf(sql, sizeof sql,
	    "select ifnull((select address from cartridges where barcode = "
	    "'%s'), 0)",
	    barcode);
	return (unsigned)scratch_query("lib/library.db", sql);
}
