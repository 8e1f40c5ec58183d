/*
 * verify.c: checks the files of volumes.
 *
 * Each volume is loaded into a drive for the check, so that no other process
 * uses it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/command/vtl/vtl.h"
#include "vtl/volume/verify.h"

/* The problems of one volume. */
struct verdict {
	const char *barcode;
	json_t *problems; /* NULL: problems are printed at once */
};

static void add_problem(void *arg, const char *message)
{
	struct verdict *v = arg;

	if (v->problems != NULL)
		json_array_append_new(v->problems, print_text(message));
	else
		printf("%s: %s\n", v->barcode, message);
}

/* Verifies the volume in a drive.  Returns CMD_OK or CMD_FAILED. */
static int verify_file(const struct changer *changer,
    const struct changer_acquired *taken, json_t *all)
{
	struct verdict v = { .barcode = taken->barcode,
		.problems = all != NULL ? json_array() : NULL };
	struct volume_counts k = { 0 };
	uint64_t problems;
	char *path;

	if (asprintf(&path, "%s/%s", changer_folder(changer), taken->file) <
	    0) {
		json_decref(v.problems);
		return vtl_fail("out of memory");
	}
	problems = volume_verify(path, add_problem, &v, &k);
	free(path);
	if (all != NULL)
		json_array_append_new(all,
		    json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "barcode",
			taken->barcode, "blocks", (json_int_t)k.blocks,
			"filemarks", (json_int_t)k.filemarks, "bytes",
			(json_int_t)k.bytes, "checked", (json_int_t)k.checked,
			"problems", v.problems));
	else if (problems == 0)
		printf("%s: good, %" PRIu64 " blocks, %" PRIu64 " filemarks, "
		       "%" PRIu64 " bytes, %" PRIu64 " blocks compared with "
		       "their checksums\n",
		    taken->barcode, k.blocks, k.filemarks, k.bytes, k.checked);
	fflush(stdout);
	return problems == 0 ? CMD_OK : CMD_FAILED;
}

static int verify_one(struct changer *changer, const char *barcode, json_t *all)
{
	const struct changer_request want = {
		.barcode = barcode, .drive = -1, .reading = true
	};
	struct changer_acquired taken;
	unsigned moves;
	int status, given;

	status =
	    vtl_report_status(changer, changer_acquire(changer, &want, &taken));
	if (status != CMD_OK)
		return status;
	status = verify_file(changer, &taken, all);
	given = vtl_report_status(changer,
	    changer_release(changer, taken.drive, &moves));
	free(taken.file);
	return status != CMD_OK ? status : given;
}

static int verify_all(struct changer *changer, json_t *all)
{
	struct changer_element *elements;
	size_t count, i;
	int status = vtl_report_status(changer,
	    changer_list(changer, &elements, &count));

	for (i = 0; i < count; i++)
		if (elements[i].full && !elements[i].cleaning &&
		    verify_one(changer, elements[i].barcode, all) != CMD_OK)
			status = CMD_FAILED;
	free(elements);
	return status;
}

static int verify(struct changer *changer, const struct vtl_args *a)
{
	json_t *all = a->json ? json_array() : NULL;
	int status = CMD_OK;
	size_t i;

	if (a->count == 0)
		status = verify_all(changer, all);
	for (i = 0; i < a->count; i++)
		if (verify_one(changer, a->words[i], all) != CMD_OK)
			status = CMD_FAILED;
	if (a->json && vtl_print_json(all) != CMD_OK)
		return CMD_FAILED;
	return status;
}

int vtl_verify(int argc, char **argv)
{
	static const struct argp_option options[] = { VTL_OPTION_JSON, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = vtl_parse,
		.args_doc = "LIB [BARCODE...]",
		.doc = "Checks the files of the given volumes, or of all "
		       "volumes.\vEach is loaded into a drive for the check.  "
		       "Exit status: 0 no problems; 1 a problem, or a volume "
		       "could not be checked; 2 bad usage, or no library.",
	};
	struct vtl_args a = { .max = SIZE_MAX };
	struct changer *changer;
	int status;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changer = vtl_open(a.folder, false);
	if (changer == NULL)
		return CMD_USAGE;
	status = verify(changer, &a);
	changer_close(changer);
	return status;
}
