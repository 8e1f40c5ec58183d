/* list.c: lists cartridges, and shows one volume. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "reports/units.h"
#include "sim/command/vtl/defect.h"
#include "sim/command/vtl/volume.h"
#include "vtl/volume/history.h"

/*
 * Describes a cartridge.  `why` says why its volume could not be read, or is
 * "".
 */
static json_t *cartridge_json(struct changer *changer,
    const struct changer_element *e, char why[VOLUME_MESSAGE_BYTES])
{
	struct changer_element now;
	struct volume *volume = NULL;
	json_t *json = json_pack("{s:s}", "barcode", e->barcode);
	char name[32], message[VOLUME_MESSAGE_BYTES];

	why[0] = '\0';
	if (!e->cleaning)
		volume = vtl_volume_open(changer, e->barcode, &now, why);
	if (volume != NULL) {
		json_object_update_new(json, vtl_volume_json(volume));
		vtl_volume_close(changer, volume, message);
	}
	json_object_set_new(json, "element",
	    json_string(vtl_element_name(e->address, name)));
	json_object_set_new(json, "cleaning", json_boolean(e->cleaning));
	return json;
}

static void format_size(json_t *json, const char *key, char buf[UNITS_BYTES])
{
	json_t *bytes = json_object_get(json, key);

	strcpy(buf, "-");
	if (bytes != NULL)
		units_size_exact(buf, (uint64_t)json_integer_value(bytes));
}

/* Prints a row, with "-" for unknown values. */
static void print_row(json_t *json, const char *why)
{
	char capacity[UNITS_BYTES], written[UNITS_BYTES],
	    files[UNITS_BYTES] = "-";
	json_t *count = json_object_get(json, "files");
	const char *state = "";

	format_size(json, "capacity_bytes", capacity);
	format_size(json, "written_bytes", written);
	if (count != NULL)
		snprintf(files, sizeof files, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(count));
	if (json_is_true(json_object_get(json, "cleaning")))
		state = "cleaning";
	else if (why[0] != '\0')
		state = strstr(why, "in use") != NULL ? "in use" : "unreadable";
	else if (json_is_true(json_object_get(json, "write_protected")))
		state = "write-protected";
	printf("%-12s %-10s %12s %16s %6s%s%s\n",
	    json_string_value(json_object_get(json, "barcode")),
	    json_string_value(json_object_get(json, "element")), capacity,
	    written, files, state[0] != '\0' ? "  " : "", state);
}

static int list(struct changer *changer, bool as_json)
{
	struct changer_element *elements;
	char why[VOLUME_MESSAGE_BYTES];
	json_t *all = json_array(), *one;
	size_t count, i;
	int status = vtl_report_status(changer,
	    changer_list(changer, &elements, &count));

	if (status == CMD_OK && !as_json)
		printf("%-12s %-10s %12s %16s %6s\n", "barcode", "element",
		    "capacity", "written", "files");
	for (i = 0; status == CMD_OK && i < count; i++) {
		if (!elements[i].full)
			continue;
		one = cartridge_json(changer, &elements[i], why);
		if (why[0] != '\0')
			json_object_set_new(one, "problem", print_text(why));
		if (!as_json)
			print_row(one, why);
		json_array_append_new(all, one);
	}
	free(elements);
	if (status == CMD_OK && as_json)
		return vtl_print_json(all);
	json_decref(all);
	return status;
}

int vtl_list(int argc, char **argv)
{
	static const struct argp_option options[] = { VTL_OPTION_JSON, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = vtl_parse,
		.args_doc = "LIB",
		.doc =
		    "Lists the cartridges of a library.\vExit status: 0 done; "
		    "1 the library is unreadable; 2 bad usage, or no library.",
	};
	struct vtl_args a = { .max = 0 };
	struct changer *changer;
	int status;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changer = vtl_open(a.folder, true);
	if (changer == NULL)
		return CMD_USAGE;
	status = list(changer, a.json);
	changer_close(changer);
	return status;
}

static void append_text(void *arg, const char *text)
{
	json_array_append_new(arg, print_text(text != NULL ? text : ""));
}

/* Returns the acknowledged blocks that are not on the medium. */
static json_t *lost_json(struct volume *volume)
{
	json_t *json = json_array();

	volume_each_event(volume, "lost", append_text, json);
	return json;
}

static void add_wear(struct volume *volume, json_t *json)
{
	struct volume_wear wear;

	if (volume_get_wear(volume, &wear) == 0)
		json_object_update_new(json,
		    json_pack("{s:I, s:I}", "loads", (json_int_t)wear.loads,
			"life_loads", (json_int_t)wear.life_loads));
}

static void print_partition(json_t *json)
{
	char capacity[UNITS_BYTES], written[UNITS_BYTES];
	json_int_t number =
		       json_integer_value(json_object_get(json, "partition")),
		   files = json_integer_value(json_object_get(json, "files"));

	format_size(json, "capacity_bytes", capacity);
	format_size(json, "written_bytes", written);
	printf("partition %" JSON_INTEGER_FORMAT ": capacity %s, written %s, "
	       "%" JSON_INTEGER_FORMAT " file%s\n",
	    number, capacity, written, files, files == 1 ? "" : "s");
}

static void print_volume(json_t *json, const struct volume *volume)
{
	json_t *value;
	const char *key;
	size_t i;

	json_object_foreach(json, key, value)
	{
		if (json_is_array(value))
			continue;
		printf("%s: ", key);
		if (json_is_string(value))
			puts(json_string_value(value));
		else if (json_is_boolean(value))
			puts(json_is_true(value) ? "yes" : "no");
		else if (json_is_integer(value))
			printf("%" JSON_INTEGER_FORMAT "\n",
			    json_integer_value(value));
		else
			puts("none");
	}
	json_array_foreach(json_object_get(json, "partitions"), i, value)
	    print_partition(value);
	vtl_defects_print(volume);
	json_array_foreach(json_object_get(json, "lost"), i, value)
	    print_line("lost: ", json_string_value(value));
}

static int show(struct changer *changer, const struct vtl_args *a)
{
	char message[VOLUME_MESSAGE_BYTES], name[32];
	struct changer_element element;
	struct volume *volume;
	json_t *json;

	volume = vtl_volume_open(changer, a->words[0], &element, message);
	if (volume == NULL)
		return vtl_fail("%s", message);
	json = vtl_volume_json(volume);
	json_object_set_new(json, "element",
	    json_string(vtl_element_name(element.address, name)));
	add_wear(volume, json);
	json_object_set_new(json, "defects", vtl_defects_json(volume));
	json_object_set_new(json, "lost", lost_json(volume));
	json_object_set_new(json, "barcode_readable",
	    json_boolean(!element.unreadable));
	if (!a->json)
		print_volume(json, volume);
	vtl_volume_close(changer, volume, message);
	if (a->json)
		return vtl_print_json(json);
	json_decref(json);
	return CMD_OK;
}

int vtl_show(int argc, char **argv)
{
	static const struct argp_option options[] = { VTL_OPTION_JSON, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = vtl_parse,
		.args_doc = "LIB BARCODE",
		.doc =
		    "Prints the properties of a volume that no program "
		    "uses.\vExit status: 0 done; 1 no such volume, or it is in "
		    "use; 2 bad usage, or no library.",
	};
	struct vtl_args a = {
		.min = 1, .max = 1, .missing = "the barcode of a volume"
	};
	struct changer *changer;
	int status;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changer = vtl_open(a.folder, true);
	if (changer == NULL)
		return CMD_USAGE;
	status = show(changer, &a);
	changer_close(changer);
	return status;
}
