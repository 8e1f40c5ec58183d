/* accept_drive.c: see accept_drive.h. */
#include "sim/accept/tests/accept_drive.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json/acceptance.h"
#include "reports/output.h"
#include "sim/accept/trial.h"
#include "splitter/sg/sg.h"

struct accept_drive accept_drive;

/* The arguments of the callbacks. */
static unsigned drives[2] = { 0, 1 };

static uint32_t largest_bytes(void)
{
	return accept_drive.largest_bytes > 0 ? accept_drive.largest_bytes
					      : 4 << 20;
}

static struct scsi_port *open_port(void *arg, uint32_t *largest, char *why,
    size_t why_bytes)
{
	(void)why, (void)why_bytes;
	*largest = largest_bytes();
	return served_port_scsi(accept_drive.ports[*(unsigned *)arg]);
}

static void close_port(void *arg, struct scsi_port *scsi)
{
	(void)arg, (void)scsi;
}

enum { WRITE_6 = 0x0a, INQUIRY = 0x12, EVPD = 1, LOAD_UNLOAD = 0x1b, LOAD = 1 };

static struct scsi_port_ops counting; /* those of the port, except execute */
static const struct scsi_port_ops *plain;

/* Writes vendor and product into INQUIRY data. */
static void name_drive(char *data)
{
	char text[25];

	snprintf(text, sizeof text, "%-8s%-16s", "HPE", accept_drive.product);
	memcpy(data + 8, text, 24);
}

/* Disturbs the run before a WRITE. */
static void execute(struct scsi_port *port, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	if (command->cdb[0] == WRITE_6 && accept_drive.disturbed_at > 0 &&
	    --accept_drive.disturbed_at == 0)
		accept_drive.disturb();
	if (command->cdb[0] == LOAD_UNLOAD && (command->cdb[4] & LOAD) != 0) {
		served_library_sleep(accept_drive.served, accept_drive.load_ns);
		if (accept_drive.before_load != NULL)
			accept_drive.before_load();
	}
	plain->execute(port, command, answer);
	if (command->cdb[0] == INQUIRY && (command->cdb[1] & EVPD) == 0 &&
	    accept_drive.product != NULL)
		name_drive(command->in);
}

static void count_writes(struct scsi_port *port)
{
	plain = port->ops;
	counting = *plain;
	counting.execute = execute;
	port->ops = &counting;
}

static int change(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *why, size_t why_bytes)
{
	unsigned drive = *(unsigned *)arg;

	if (accept_drive.changed_at > 0 && --accept_drive.changed_at == 0) {
		accept_drive.changed_at = 1; /* and for good */
		return accept_drive.change(wanted, barcode, why, why_bytes);
	}
	for (unsigned i = 0; i < 2; i++) {
		const char *name =
		    served_library_barcode(accept_drive.served, i);

		if (wanted->barcode[0] != '\0' &&
		    strcmp(wanted->barcode, name) != 0)
			continue;
		if (accept_drive.full[drive])
			served_library_take(accept_drive.served, drive);
		served_library_sleep(accept_drive.served,
		    accept_drive.change_ns);
		accept_drive.full[drive] = true;
		served_library_load(accept_drive.served, drive, i);
		strcpy(barcode, name);
		return 0;
	}
	snprintf(why, why_bytes, "no such volume");
	return -1;
}

static struct scsi_unit *get_unit(void *arg, char *why, size_t why_bytes)
{
	struct tape_library *library = accept_drive.libraries[*(unsigned *)arg];

	return sg_library_probe(library, 0, why, why_bytes) == 0
	    ? sg_library_unit(library)
	    : NULL;
}

static void date(void *arg, char to[21])
{
	(void)arg;
	strcpy(to, "2026-01-31T00:00:00Z");
}

static double source_rate(void *arg)
{
	(void)arg;
	/* So slow that no rate is a fault, whatever this machine does. */
	return 1e6;
}

static struct sg_access access_of[2];
static struct scsi_names facts_names;
static struct real_options options[2];

static void open_drive(unsigned drive)
{
	struct accept_scsi_config config = { .unit = get_unit,
		.arg = &drives[drive],
		.largest_bytes = largest_bytes() };

	accept_drive.ports[drive] =
	    served_port_open(accept_drive.served, drive + 1, 0);
	if (drive == 0)
		count_writes(served_port_scsi(accept_drive.ports[0]));
	access_of[drive] = (struct sg_access){
		.open = open_port, .close = close_port, .arg = &drives[drive]
	};
	options[drive] = (struct real_options){ .change = change,
		.change_arg = &drives[drive],
		.eject = !accept_drive.no_robot,
		.load_wait_ns =
		    accept_drive.takes_time ? INT64_C(60000000000) : 1000000000,
		.barcode = drive == 0
		    ? served_library_barcode(accept_drive.served, 0)
		    : NULL };
	accept_drive.libraries[drive] =
	    sg_library_new("/dev/sg0", &options[drive], &access_of[drive]);
	config.library = accept_drive.libraries[drive];
	if (accept_drive.link_speed != NULL) {
		snprintf(facts_names.link_speed, sizeof facts_names.link_speed,
		    "%s", accept_drive.link_speed);
		config.names = &facts_names;
	}
	accept_drive.devices[drive] = accept_scsi_new(&config);
}

static void close_drive(unsigned drive)
{
	accept_scsi_free(accept_drive.devices[drive]);
	sg_library_free(accept_drive.libraries[drive]);
	served_port_close(accept_drive.ports[drive]);
	accept_drive.devices[drive] = NULL;
	accept_drive.libraries[drive] = NULL;
	accept_drive.ports[drive] = NULL;
}

/* The robot takes the cartridge accept_drive.out of the first drive. */
static struct accept_device *open_second(void *arg, char *why, size_t why_bytes)
{
	(void)arg, (void)why, (void)why_bytes;
	close_drive(0);
	served_library_take(accept_drive.served, 0);
	open_drive(1);
	return accept_drive.devices[1];
}

void accept_drive_open(void)
{
	open_drive(0);
}

void accept_drive_close(void)
{
	close_drive(0);
}

void accept_drive_set_up(void)
{
	accept_drive_set_up_as(NULL, NULL, false);
}

void accept_drive_set_up_as(const char *model, const char *suffix,
    bool takes_time)
{
	static const struct volume_spec volume = { .capacity_bytes = 128 << 20,
		.has_early_warning = true,
		.early_warning_bytes = 4 << 20,
		.payload = VOLUME_PAYLOAD_RAW };
	const struct served_library_spec spec = { .model = model,
		.drives = 2,
		.volumes = 2,
		.volume = &volume,
		.suffix = suffix,
		.takes_time = takes_time };

	memset(&accept_drive, 0, sizeof accept_drive);
	report_scratch_make(accept_drive.dir);
	snprintf(accept_drive.out, sizeof accept_drive.out, "%s/out",
	    accept_drive.dir);
	ck_assert_int_eq(report_output_folder(accept_drive.out,
			     accept_drive.err, sizeof accept_drive.err),
	    0);
	snprintf(accept_drive.tests, sizeof accept_drive.tests, "%s/tests",
	    accept_drive.dir);
	ck_assert_int_eq(report_output_folder(accept_drive.tests,
			     accept_drive.err, sizeof accept_drive.err),
	    0);
	accept_drive.takes_time = takes_time;
	accept_drive.served = served_library_new(&spec);
	served_library_load(accept_drive.served, 0, 0);
	accept_drive.full[0] = true;
	open_drive(0);
}

void accept_drive_tear_down(void)
{
	char command[SCRATCH_PATH_BYTES + 16];

	close_drive(0);
	close_drive(1);
	served_library_free(accept_drive.served);
	acceptance_clear(&accept_drive.record);
	suite_free(&accept_drive.suite);
	free(accept_drive.text);
	snprintf(command, sizeof command, "rm -rf '%s'", accept_drive.dir);
	ck_assert_int_eq(system(command), 0);
}

void accept_drive_add(const char *name, const char *scenario)
{
	report_scratch_write(accept_drive.tests, name, scenario);
}

enum accept_end accept_drive_run(const char *tests, size_t names_count,
    bool second)
{
	static const char *const small[] = { "acceptance.fill_scale=1" };
	const char *names[] = { served_library_barcode(accept_drive.served, 0),
		served_library_barcode(accept_drive.served, 1) };
	enum acceptance_verdict verdict;
	size_t bytes;
	struct accept_config config = {
		.device = accept_drive.devices[0],
		.suite = &accept_drive.suite,
		.run = SCENARIO_FILL,
		.names = names,
		.names_count = names_count,
		.out = accept_drive.out,
		.command = "tapelab run --device /dev/sg0",
		.seed = 7,
		.source_rate = source_rate,
		.second = second ? open_second : NULL,
		.date = date,
	};
	enum accept_end end;

	suite_free(&accept_drive.suite);
	memset(&accept_drive.suite, 0, sizeof accept_drive.suite);
	acceptance_clear(&accept_drive.record);
	free(accept_drive.text);
	accept_drive.suite.options = (struct compose_options){
		.set = small, .set_count = 1, .cases_max = 100
	};
	ck_assert_int_eq(suite_add(&accept_drive.suite, tests, NULL), 0);
	ck_assert_int_eq(suite_read(&accept_drive.suite), 0);
	config.to = open_memstream(&accept_drive.text, &bytes);
	end = accept_run(&config, &verdict, accept_drive.err,
	    sizeof accept_drive.err);
	fclose(config.to);
	if (end != ACCEPT_REFUSED)
		ck_assert_int_eq(report_acceptance_read(accept_drive.out,
				     &accept_drive.record, accept_drive.err,
				     sizeof accept_drive.err),
		    0);
	return end;
}

void accept_drive_run_added(size_t names_count)
{
	ck_assert_msg(accept_drive_run(accept_drive.tests, names_count,
			  false) == ACCEPT_ENDED,
	    "%s", accept_drive.err);
}

void accept_drive_verdict_is(const char *begin)
{
	static const char before[] = "VIRTUAL DRIVE: ";
	char *line = acceptance_verdict_line(&accept_drive.record);

	ck_assert_msg(strncmp(line, before, sizeof before - 1) == 0 &&
		strncmp(line + sizeof before - 1, begin, strlen(begin)) == 0,
	    "%s", line);
	free(line);
}

void accept_drive_verdict_has(const char *text)
{
	char *line = acceptance_verdict_line(&accept_drive.record);

	ck_assert_msg(strstr(line, text) != NULL, "%s", line);
	free(line);
}

const struct acceptance_row *accept_drive_row(const char *test,
    const char *what)
{
	for (size_t i = 0; i < accept_drive.record.rows_count; i++) {
		const struct acceptance_row *row = &accept_drive.record.rows[i];

		if (strcmp(row->what, what) == 0 &&
		    (test == NULL || strcmp(row->test, test) == 0))
			return row;
	}
	ck_abort_msg("no row %s of %s\n%s", what, test == NULL ? "any" : test,
	    accept_drive.text);
}

const char *accept_drive_fact(const char *name)
{
	for (size_t i = 0; i < accept_drive.record.facts_count; i++)
		if (strcmp(accept_drive.record.facts[i].name, name) == 0)
			return accept_drive.record.facts[i].value;
	return "";
}

static void report(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "%s\n", message);
}

int accept_drive_try(const char *more, bool (*confirm)(void *arg),
    bool overwrites)
{
	char path[SCRATCH_PATH_BYTES + 16], scenario[512];
	const char *const names[] = {
		served_library_barcode(accept_drive.served, 0),
		accept_drive.also
	};
	struct trial_config config = { .device = accept_drive.devices[0],
		.name = names[0],
		.ns = 500000000,
		.seed = 3,
		.overwrite = names,
		.overwrite_count = !overwrites ? 0
		    : names[1] == NULL         ? 1
					       : 2,
		.confirm = confirm };
	size_t bytes;
	int rc;

	snprintf(scenario, sizeof scenario,
	    "title: t\n"
	    "library: {drives: [lto8], volumes: {count: 1, capacity: 1 GB}}\n"
	    "splitter: {block: 64 KiB, buffer: 1 MiB, part: 2 MiB}\n"
	    "dump: {size: 400 MB, rate: 20 MB/s}\n%s",
	    more);
	report_scratch_write(accept_drive.dir, "t.yaml", scenario);
	snprintf(path, sizeof path, "%s/t.yaml", accept_drive.dir);
	config.scenario = scenario_read(path, report, NULL);
	ck_assert_ptr_nonnull(config.scenario);
	free(accept_drive.text);
	config.to = open_memstream(&accept_drive.text, &bytes);
	rc = trial_run(&config, accept_drive.err, sizeof accept_drive.err);
	fclose(config.to);
	scenario_free(config.scenario);
	return rc;
}
