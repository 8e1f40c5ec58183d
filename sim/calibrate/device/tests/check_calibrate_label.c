/*
 * check_calibrate_label.c: which cartridges a calibration labels, and which it
 * leaves unchanged, by what the drive and the person say about their names.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/calibrate/device/label.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/sg/sg.h"
#include "splitter/tests/run_suite.h"

enum { LARGEST_BYTES = 256 << 10, READ_ATTRIBUTE = 0x8c, WRITE = 0x0a };

static struct served_library *library;
static struct served_port *served;
static struct tape_library *tapes;
static struct tape *tape;
static char err[512];

static struct scsi_port *open_port(void *arg, uint32_t *largest_bytes,
    char *why, size_t why_bytes)
{
	(void)arg;
	(void)why;
	(void)why_bytes;
	*largest_bytes = LARGEST_BYTES;
	return served_port_scsi(served);
}

static void close_port(void *arg, struct scsi_port *port)
{
	(void)arg;
	(void)port;
}

/* `barcode`: what the person says; NULL: nothing. */
static void load(const char *barcode, bool has_memory)
{
	const struct sg_access access = { .open = open_port,
		.close = close_port };
	const struct real_options options = {
		.barcode = barcode, .barcode_claimed = true, .load_wait_ns = 1
	};
	struct tape_result result;

	library = served_library_new(NULL);
	served_library_load(library, 0, 0);
	served = served_port_open(library, 1, 0);
	if (!has_memory)
		served_port_instead(served,
		    &(struct served_instead){ .opcode = READ_ATTRIBUTE,
			.outcome = SCSI_ANSWERED,
			.status = SCSI_CHECK_CONDITION,
			.sense = { 0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0,
			    0x20 },
			.sense_bytes = 18,
			.for_good = true });
	tapes = sg_library_new("/dev/sg1", &options, &access);
	tape = tapes->ops->load(tapes, 0, &result);
	ck_assert_msg(tape != NULL, "%s", result.message);
}

static void free_all(void)
{
	struct tape_result result;

	tapes->ops->unload(tapes, tape, TAPE_CLOSE_GOOD, 0, &result);
	sg_library_free(tapes);
	served_port_close(served);
	served_library_free(library);
}

static int label(enum splitter_volume_kind kind, const char *overwrite,
    bool label_blank, bool continued)
{
	const struct calibrate_label config = { .tape = tape,
		.where = "/dev/sg1",
		.overwrite = &overwrite,
		.overwrite_count = overwrite != NULL,
		.label_blank = label_blank,
		.continued = continued };
	int64_t now_ns = 0;

	err[0] = '\0';
	return calibrate_label(&config, kind, &now_ns, err, sizeof err);
}

static const struct name_case {
	const char *barcode;
	bool has_memory;
	const char *overwrite; /* --overwrite; NULL: without */
	const char *refused;   /* NULL: it is labelled */
} names[] = {
	{ "A00001L8", true, NULL, NULL },
	{ "A00001L8", false, NULL, NULL }, /* by the person alone */
	{ NULL, true, "VTA001L8", NULL },  /* by its serial number */
	{ NULL, true, NULL,
	    "volume without a barcode is left unchanged: it is blank and has no "
	    "barcode: label it with a name first; to overwrite it, name it: "
	    "VTA001L8" },
	{ NULL, false, NULL,
	    "/dev/sg1: the cartridge is left unchanged: it has no barcode, no "
	    "serial number and no label; name it with --volume" },
};

START_TEST(a_cartridge_without_a_name_is_left_unchanged)
{
	const struct name_case *c = &names[_i];
	bool labelled = c->refused == NULL;

	load(c->barcode, c->has_memory);
	ck_assert_int_eq(label(SPLITTER_VOLUME_BLANK, c->overwrite, true,
			     false),
	    labelled ? 0 : -1);
	ck_assert_str_eq(err, labelled ? "" : c->refused);
	ck_assert_uint_eq(served_port_count(served, WRITE), labelled);
	/* The same command continues with this label. */
	if (labelled)
		ck_assert_msg(label(SPLITTER_VOLUME_SCRATCH, c->overwrite,
				  false, true) == 0,
		    "%s", err);
	ck_assert_uint_eq(served_port_count(served, WRITE), labelled);
	free_all();
}
END_TEST

START_TEST(a_blank_cartridge_needs_leave)
{
	load("A00001L8", true);
	ck_assert_int_eq(label(SPLITTER_VOLUME_BLANK, NULL, false, false), -1);
	ck_assert_str_eq(err,
	    "volume A00001L8: it is blank; --label-blank uses it");
	/* A run that is continued has labelled it. */
	ck_assert_int_eq(label(SPLITTER_VOLUME_BLANK, NULL, true, true), -1);
	ck_assert_ptr_nonnull(strstr(err,
	    "cartridge A00001L8 does not have the label of the run"));
	ck_assert_uint_eq(served_port_count(served, WRITE), 0);
	free_all();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("calibrate_label");
	TCase *t = tcase_create("calibrate_label");

	tcase_add_loop_test(t, a_cartridge_without_a_name_is_left_unchanged, 0,
	    sizeof names / sizeof *names);
	tcase_add_test(t, a_blank_cartridge_needs_leave);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
