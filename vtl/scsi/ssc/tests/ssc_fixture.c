/* ssc_fixture.c: see ssc_fixture.h. */
#include "vtl/scsi/ssc/tests/ssc_fixture.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/big_endian.h"
#include "vtl/tests/drive_fixture.h"

enum { FILLER = 0xa5 };

void ssc_make(struct ssc_fixture *fixture, const struct drive_options *options,
    const struct volume_spec *spec)
{
	struct drive_options all = { .buffering = DRIVE_UNBUFFERED };
	struct device_identity identity = { .type = 1, .vendor = "IBM" };
	struct volume_spec own = fixture_spec();
	struct drive *drive = drive_new(&fixture_model);
	struct scsi_result result;
	int64_t ready_ns;

	own.payload = VOLUME_PAYLOAD_RAW;
	if (options != NULL)
		all = *options;
	drive_set_options(drive, &all);
	memset(fixture, 0, sizeof *fixture);
	fixture->unit = scsi_new(drive, "TL00000001");
	fixture->device = ssc_device_new(fixture->unit, &identity);
	ck_assert_ptr_nonnull(fixture->device);
	fixture->volume = scratch_volume("v", spec != NULL ? spec : &own);
	scsi_insert(fixture->unit, fixture->volume, 0, &ready_ns);
	fixture->now_ns = ready_ns;
	for (int i = 0; i < 2; i++)
		scsi_test_unit_ready(fixture->unit, ready_ns, &result);
	for (size_t i = 0; i < SSC_ROOM; i++)
		fixture->out[i] = (uint8_t)(i * 7 + (i >> 8));
}

void ssc_finish(struct ssc_fixture *fixture)
{
	struct volume *volume = scsi_remove(fixture->unit);

	if (volume == NULL)
		volume = drive_remove_volume(scsi_drive(fixture->unit));
	if (volume != NULL)
		scratch_close(volume);
	device_free(fixture->device);
	scsi_free(fixture->unit);
}

size_t ssc_untouched(const struct ssc_fixture *fixture)
{
	size_t n = 0;

	while (n < SSC_ROOM && fixture->in[SSC_ROOM - 1 - n] == FILLER)
		n++;
	return n;
}

static void parse(const char *text, uint8_t cdb[DEVICE_CDB_BYTES])
{
	size_t n = 0;
	char *end;

	memset(cdb, 0, DEVICE_CDB_BYTES);
	for (; *text != '\0'; text = end) {
		ck_assert_uint_lt(n, DEVICE_CDB_BYTES);
		cdb[n++] = (uint8_t)strtoul(text, &end, 16);
		ck_assert_ptr_ne(text, end);
	}
}

void ssc_do(struct ssc_fixture *fixture, const char *cdb, uint32_t expected)
{
	struct device_command command = {
		.nexus = fixture->nexus,
		.ended = fixture->ended,
		.expected = expected,
		.out = fixture->out,
		.out_bytes = expected < SSC_ROOM ? expected : SSC_ROOM,
		.in = fixture->in,
		.in_room = expected < SSC_ROOM ? expected : SSC_ROOM,
	};

	parse(cdb, command.cdb);
	memset(fixture->in, FILLER, sizeof fixture->in);
	device_execute(fixture->device, &command, fixture->now_ns,
	    &fixture->answer);
	ck_assert_uint_le(fixture->answer.in_bytes, command.in_room);
	ck_assert_uint_ge(ssc_untouched(fixture), SSC_ROOM - command.in_room);
	ck_assert_int_ge(fixture->answer.done_ns, fixture->now_ns);
	fixture->now_ns = fixture->answer.done_ns;
}

static int say_sense(const struct device_answer *answer, char *text,
    size_t bytes)
{
	const uint8_t *s = answer->sense;
	int n;

	ck_assert_uint_eq(answer->sense_bytes, 18);
	ck_assert_uint_eq(s[7], 10);
	n = snprintf(text, bytes, "%X/%02X/%02X%s%s%s%s", s[2] & 0xf, s[12],
	    s[13], s[2] & 0x80 ? "f" : "", s[2] & 0x40 ? "e" : "",
	    s[2] & 0x20 ? "i" : "", (s[0] & 0x7f) == 0x71 ? "d" : "");
	if (s[0] & 0x80)
		n += snprintf(text + n, bytes - (size_t)n, "=%" PRId32,
		    (int32_t)get_be32(s + 3));
	return n;
}

const char *ssc_text(const struct ssc_fixture *fixture)
{
	static char text[128];
	const struct device_answer *answer = &fixture->answer;
	int n;

	if (answer->status == DEVICE_CHECK_CONDITION)
		n = say_sense(answer, text, sizeof text);
	else if (answer->status == DEVICE_GOOD)
		n = snprintf(text, sizeof text, "good");
	else
		n = snprintf(text, sizeof text, "status %02Xh", answer->status);
	if (answer->in_bytes > 0)
		n += snprintf(text + n, sizeof text - (size_t)n, " in %u",
		    answer->in_bytes);
	if (answer->residual != 0)
		snprintf(text + n, sizeof text - (size_t)n,
		    " residual %" PRId64, answer->residual);
	return text;
}

void ssc_expect(struct ssc_fixture *fixture, const char *cdb, uint32_t expected,
    const char *text)
{
	ssc_do(fixture, cdb, expected);
	ck_assert_msg(strcmp(ssc_text(fixture), text) == 0,
	    "%s, %u bytes\n  is \"%s\"\n  not \"%s\"", cdb, expected,
	    ssc_text(fixture), text);
}

const char *ssc_hex(const struct ssc_fixture *fixture)
{
	static char text[2 * 256 + 1];

	text[0] = '\0';
	for (uint32_t i = 0; i < fixture->answer.in_bytes && i < 256; i++)
		snprintf(text + 2 * i, 3, "%02x", fixture->in[i]);
	return text;
}

const char *ssc_position(struct ssc_fixture *fixture)
{
	static char text[48];

	ssc_do(fixture, "34 06", 32);
	if (fixture->answer.status != DEVICE_GOOD)
		return ssc_text(fixture);
	snprintf(text, sizeof text, "%" PRIu64 ",%" PRIu64,
	    get_be64(fixture->in + 8), get_be64(fixture->in + 16));
	return text;
}

void ssc_set_block(struct ssc_fixture *fixture, uint32_t bytes)
{
	struct scsi_result result;
	struct scsi_mode mode;

	scsi_mode_sense(fixture->unit, &mode, fixture->now_ns, &result);
	mode.block_bytes = bytes;
	scsi_mode_select(fixture->unit, &mode, fixture->now_ns, &result);
	ck_assert(!result.check);
}

void ssc_remake(struct ssc_fixture *fixture,
    const struct drive_options *options, const struct volume_spec *spec)
{
	ssc_finish(fixture);
	unlink(scratch_path("v"));
	ssc_make(fixture, options, spec);
}

void ssc_write_objects(struct ssc_fixture *fixture, const unsigned *lengths,
    size_t count)
{
	char cdb[32];

	for (size_t i = 0; i < count; i++) {
		if (lengths[i] == 0) {
			ssc_expect(fixture, "10 00 00 00 01", 0, "good");
			continue;
		}
		snprintf(cdb, sizeof cdb, "0a 00 00 %02x %02x", lengths[i] >> 8,
		    lengths[i] & 0xff);
		ssc_expect(fixture, cdb, lengths[i], "good");
	}
}

void ssc_expect_hex(struct ssc_fixture *fixture, const char *cdb,
    uint32_t expected, const char *hex)
{
	ssc_do(fixture, cdb, expected);
	ck_assert_int_eq(fixture->answer.status, DEVICE_GOOD);
	ck_assert_str_eq(ssc_hex(fixture), hex);
}
