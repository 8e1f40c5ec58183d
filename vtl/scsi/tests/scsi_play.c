/* scsi_play.c: see scsi_play.h. */
#include "vtl/scsi/tests/scsi_play.h"

#include <check.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/tests/drive_fixture.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/history.h"

static void print(struct play *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void print(struct play *p, const char *format, ...)
{
	size_t n = strlen(p->said);
	va_list ap;

	va_start(ap, format);
	vsnprintf(p->said + n, sizeof p->said - n, format, ap);
	va_end(ap);
}

void play_say_bytes(struct play *p, uint64_t bytes)
{
	print(p, "%" PRIu64, bytes);
}

void play_say_sense(struct play *p, const struct scsi_sense *s)
{
	print(p, "%X/%02X/%02X%s%s%s%s", s->sense.key, s->sense.asc,
	    s->sense.ascq, s->sense.eom ? "e" : "",
	    s->sense.filemark ? "f" : "", s->ili ? "i" : "",
	    s->deferred ? "d" : "");
	if (s->has_information)
		print(p, "=%" PRId64, s->information);
}

void play_say_position(struct play *p, const struct scsi_position *at)
{
	print(p, "%" PRIu64 ",%" PRIu64 "%s%s%s%s", at->object, at->file,
	    at->bop ? "B" : "", at->eop ? "E" : "", at->bpew ? "P" : "",
	    at->unknown ? "U" : "");
	if (at->partition > 0)
		print(p, "/%u", at->partition);
}

static void play_write(struct play *p, bool fixed, int64_t n,
    struct scsi_result *a)
{
	const struct volume_run run = {
		.data = p->data, .dump_id = 1, .offset = p->offset
	};

	scratch_fill(p->data, sizeof p->data, 1, p->offset);
	scsi_write(p->unit, fixed, (uint64_t)n, &run, p->now_ns, a);
	p->offset += a->bytes;
}

static void play_read(struct play *p, bool fixed, bool sili, int64_t n,
    struct scsi_result *a)
{
	struct volume_object object;

	scsi_read(p->unit, fixed, sili, (uint64_t)n, p->data, &object,
	    p->now_ns, a);
	if (!a->check)
		play_say_bytes(p, a->bytes);
}

static void play_mode(struct play *p, char what, int64_t n,
    struct scsi_result *a)
{
	struct scsi_mode mode;

	scsi_mode_sense(p->unit, &mode, p->now_ns, a);
	if (what == 'k')
		mode.block_bytes = (uint32_t)n;
	else if (what == 'v')
		mode.pews_mb = (uint16_t)n;
	else if (what == 'c')
		mode.compression = n != 0;
	else if (what == 'y')
		mode.append_only = true;
	else
		mode.buffered = true;
	scsi_mode_select(p->unit, &mode, p->now_ns, a);
}

static void play_log(struct play *p, uint8_t page, int64_t n,
    struct scsi_result *a)
{
	struct scsi_log log;

	scsi_log_sense(p->unit, page, &log, p->now_ns, a);
	print(p, "%" PRIu64,
	    page == SCSI_LOG_TAPEALERT
		? log.parameters[n - 1].value
		: log.parameters[0].value >> (n - 1) & 1);
}

bool play_select_partitions(struct play *p, int64_t n)
{
	struct scsi_partitions page = { .additional = (uint8_t)(n - 1),
		.idp = true,
		.unit = SCSI_PSUM_BYTES };
	bool valid;

	for (int64_t i = 0; i < n && i < VOLUME_PARTITIONS_MAX; i++)
		page.sizes[i] = (uint16_t)(FIXTURE_CAPACITY / n);
	valid = scsi_set_partitions(p->unit, &page) != SCSI_INVALID;
	if (!valid)
		print(p, "no");
	return valid;
}

static void play_one(struct play *p, char c, int64_t n, struct scsi_result *a)
{
	struct scsi_position at;
	struct scsi_sense sense;

	memset(a, 0, sizeof *a);
	a->done_ns = p->now_ns;
	if (p->way != NULL && p->way->carry_out(p, c, n, a))
		return;
	switch (c) {
	case 't':
		scsi_test_unit_ready(p->unit, p->now_ns, a);
		break;
	case 'w':
		play_write(p, false, n, a);
		break;
	case 'W':
		play_write(p, true, n, a);
		break;
	case 'm':
	case 'i':
		scsi_write_filemarks(p->unit, (uint64_t)n, c == 'i', p->now_ns,
		    a);
		break;
	case 'r':
	case 's':
		play_read(p, false, c == 's', n, a);
		break;
	case 'R':
		play_read(p, true, false, n, a);
		break;
	case 'k':
	case 'v':
	case 'c':
	case 'B':
	case 'y':
		play_mode(p, c, n, a);
		break;
	case 'a':
		play_log(p, SCSI_LOG_TAPEALERT, n, a);
		break;
	case 'h':
		play_log(p, SCSI_LOG_TAPEALERT_RESPONSE, n, a);
		break;
	case 'z':
		scsi_rewind(p->unit, p->now_ns, a);
		break;
	case 'b':
	case 'f':
	case 'E':
		scsi_space(p->unit,
		    c == 'b'       ? SCSI_SPACE_BLOCKS
			: c == 'f' ? SCSI_SPACE_FILEMARKS
				   : SCSI_SPACE_EOD,
		    n, p->now_ns, a);
		break;
	case 'l':
	case 'L':
		scsi_locate(p->unit, SCSI_SAME_PARTITION,
		    c == 'l' ? SCSI_LOCATE_OBJECT : SCSI_LOCATE_FILE,
		    (uint64_t)n, p->now_ns, a);
		break;
	case 'g':
	case 'G':
		scsi_locate(p->unit, (int)n,
		    c == 'g' ? SCSI_LOCATE_OBJECT : SCSI_LOCATE_EOD, 0,
		    p->now_ns, a);
		break;
	case 'F':
		if (play_select_partitions(p, n))
			scsi_format(p->unit, SCSI_FORMAT_PARTITION, p->now_ns,
			    a);
		break;
	case 'D':
		scsi_format(p->unit, SCSI_FORMAT_DEFAULT, p->now_ns, a);
		break;
	case 'C':
		scsi_set_capacity(p->unit, (uint16_t)n, p->now_ns, a);
		break;
	case 'o':
	case 'O':
		scsi_allow_overwrite(p->unit,
		    c == 'o' ? DRIVE_ALLOW_HERE : DRIVE_ALLOW_FORMAT, 0,
		    (uint64_t)n, p->now_ns, a);
		break;
	case 'p':
		scsi_read_position(p->unit, &at, p->now_ns, a);
		if (!a->check)
			play_say_position(p, &at);
		break;
	case 'q':
		scsi_request_sense(p->unit, &sense, p->now_ns, a);
		play_say_sense(p, &sense);
		break;
	case 'e':
	case 'x':
		scsi_erase(p->unit, c == 'x', p->now_ns, a);
		break;
	case 'u':
	case 'U':
	case 'j':
	case 'J':
		scsi_load_unload(p->unit, c == 'U' || c == 'J',
		    c == 'j' || c == 'J', p->now_ns, a);
		break;
	case 'P':
	case 'A':
		scsi_prevent_removal(p->unit, c == 'P', p->now_ns, a);
		break;
	case '!':
		scsi_reset(p->unit, p->now_ns);
		break;
	case '+':
		a->done_ns += n * 1000000000;
		break;
	default:
		ck_abort_msg("no command '%c'", c);
	}
}

void play_run(struct play *p, const char *commands)
{
	struct scsi_result result;
	char *end;

	p->said[0] = '\0';
	while (*commands != '\0') {
		char c = *commands++;
		size_t before = strlen(p->said);
		int64_t n = 0;

		if (*commands != ' ') {
			n = strtoll(commands, &end, 10);
			commands = end;
		}
		commands += strspn(commands, " ");
		play_one(p, c, n, &result);
		ck_assert_int_ge(result.done_ns, p->now_ns);
		p->now_ns = result.done_ns;
		p->last = result;
		if (result.check)
			play_say_sense(p, &result.sense);
		else if (strlen(p->said) == before)
			print(p, "-");
		print(p, " ");
	}
	if (p->said[0] != '\0')
		p->said[strlen(p->said) - 1] = '\0';
}

void play_make(struct play *play, const struct play_line *line,
    const struct play_way *way, const char *name)
{
	struct volume_spec spec = fixture_spec();
	struct drive *drive = drive_new(&fixture_model);
	const struct volume_defect defect = { .at = line->defect_byte,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } };
	struct volume *volume;
	struct drive_options options = line->options;
	int64_t ready_ns;

	spec.payload = VOLUME_PAYLOAD_RAW;
	strcpy(spec.barcode, line->barcode != NULL ? line->barcode : "VOL001");
	spec.has_early_warning = !line->no_early_warning;
	volume = scratch_volume(name, &spec);
	if (line->defect_byte > 0)
		ck_assert_int_eq(volume_defect_add(volume, &defect), 0);
	if (line->defect.sense.key != SENSE_NO_SENSE)
		ck_assert_int_eq(volume_defect_add(volume, &line->defect), 0);
	if (line->life_loads > 0)
		ck_assert_int_eq(volume_set_life(volume, line->life_loads), 0);
	if (options.buffering == DRIVE_BUFFERED_AS_MODEL)
		options.buffering = DRIVE_UNBUFFERED;
	drive_set_options(drive, &options);
	if (line->fault.nth > 0)
		ck_assert_int_eq(drive_add_fault(drive, &line->fault), 0);
	memset(play, 0, sizeof *play);
	play->unit = scsi_new(drive, "TL0000001");
	scsi_insert(play->unit, volume, 0, &ready_ns);
	play->now_ns = ready_ns;
	play->way = way;
	if (way != NULL)
		way->start(play);
}

void play_finish(struct play *play)
{
	struct volume *volume;

	play_run(play, "t A u");
	if (drive_volume(scsi_drive(play->unit)) != NULL)
		play_run(play, "u");
	if (play->way != NULL)
		play->way->end(play);
	volume = scsi_remove(play->unit);
	if (volume != NULL)
		scratch_close(volume);
	scsi_free(play->unit);
}
