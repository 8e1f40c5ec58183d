/* run.c: the plan, the question, the run and its files. */
#include "sim/accept/admit.h"
#include "sim/command/calibrate/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/units.h"
#include "sim/calibrate/device/label.h"
#include "sim/calibrate/files/journal.h"
#include "sim/calibrate/files/page.h"
#include "sim/calibrate/files/profile.h"
#include "sim/command/calibrate/drive.h"
#include "sim/command/cmd.h"
#include "sim/command/tape/terminal.h"
#include "splitter/api/splitter.h"
#include "splitter/base/signals.h"

enum { MESSAGE_BYTES = 1024, KIND_BYTES = 64 };

/* A calibration that is being carried out. */
struct session {
	const struct calibrate_request *request;
	struct measured_drive drive;
	struct calibrate_config config;
	struct calibrate_plan plan;
	struct calibrate_about about;
	struct calibrate_journal *journal;
	char *command; /* owned */
	char kind[KIND_BYTES];
	bool shows; /* progress, on a terminal */
	char err[MESSAGE_BYTES];
};

static int fail(const char *message)
{
	fprintf(stderr, "tapelab: %s\n", message);
	return CMD_USAGE;
}

static bool stopped(void *arg)
{
	(void)arg;
	return signals_signal() != 0;
}

/* `config.arg` is the drive: the other functions find the session by it. */
static struct session *session_of(void *drive)
{
	return (struct session *)((char *)drive -
	    offsetof(struct session, drive));
}

static bool recall(void *arg, const char *unit, double *samples, size_t *count)
{
	return calibrate_journal_recall(session_of(arg)->journal, unit, samples,
	    count);
}

static int record(void *arg, const char *unit, const double *samples,
    size_t count, char *err, size_t err_bytes)
{
	return calibrate_journal_record(session_of(arg)->journal, unit, samples,
	    count, err, err_bytes);
}

/* What the drive says of the cartridge. */
static void get_change(const struct session *s, char change[ADMIT_CHANGE_BYTES])
{
	struct tape_identity now;

	tape_identify(s->drive.tape, &now);
	admit_change_text(&now, change);
}

/* Notes it before the first write of this run, and after it. */
static int writing(void *arg, char *err, size_t err_bytes)
{
	struct session *s = session_of(arg);
	char change[ADMIT_CHANGE_BYTES];

	get_change(s, change);
	return calibrate_journal_note_writing(s->journal, change, err,
	    err_bytes);
}

static int written(void *arg, char *err, size_t err_bytes)
{
	struct session *s = session_of(arg);
	char change[ADMIT_CHANGE_BYTES];

	get_change(s, change);
	return calibrate_journal_note_change(s->journal, change, err,
	    err_bytes);
}

/*
 * A run is continued only with what it has written itself.  A run that was killed
 * while it wrote for the first time left a reference that it does not know: then
 * the label alone shows that the cartridge is as it left it.
 */
static int check_cartridge(struct session *s)
{
	bool begun;
	const char *change = calibrate_journal_change(s->journal, &begun);
	const struct admit known = { .name = s->about.cartridge,
		.serial = "",
		.change = begun ? "" : change,
		.overwrite = s->request->overwrite.names,
		.overwrite_count = s->request->overwrite.count,
		.begun = true };
	size_t bytes;

	if (calibrate_journal_units(s->journal) == 0 ||
	    admit_cartridge(&known, s->drive.tape, &s->drive.now_ns, s->err,
		sizeof s->err) == ADMIT_YES)
		return 0;
	bytes = strlen(s->err);
	snprintf(s->err + bytes, sizeof s->err - bytes,
	    ": use another --out to begin again");
	return -1;
}

/* One line on the terminal, which the next one replaces. */
static void progress(void *arg, enum calibrate_recipe recipe, double recipe_s)
{
	struct session *s = session_of(arg);
	double done_s = 0, this_s = s->plan.seconds[recipe];
	char left[UNITS_BYTES];

	for (int i = 0; i < (int)recipe; i++)
		done_s += s->plan.seconds[i];
	done_s += recipe_s < this_s ? recipe_s : this_s;
	if (s->shows)
		fprintf(stderr, "\r\033[Kcalibrate: %s, %.0f %%, %s left",
		    calibrate_recipe_name(recipe), 100 * done_s / s->plan.all_s,
		    units_time(left, s->plan.all_s - done_s));
}

static void describe(struct session *s)
{
	const struct measured_drive *d = &s->drive;

	snprintf(s->kind, sizeof s->kind, "%s",
	    s->request->fill ? "fill" : "default");
	if (s->request->tapes.pace_permille > 0)
		snprintf(s->kind + strlen(s->kind),
		    sizeof s->kind - strlen(s->kind),
		    ", at %" PRIu32 " permille of real time",
		    s->request->tapes.pace_permille);
	s->about = (struct calibrate_about){ .where = d->where,
		.maker = d->maker,
		.product = d->product,
		.firmware = d->firmware,
		.serial = d->serial,
		.volume = d->tape->barcode,
		.cartridge = d->cartridge,
		.version = SPLITTER_VERSION,
		.command = s->command,
		.base_name = d->base->name,
		.virtual_drive = d->virtual_drive,
		.kind = s->kind };
	measured_drive_configure(&s->drive, &s->config);
	s->config.fill = s->request->fill;
	s->config.recall = recall;
	s->config.record = record;
	s->config.writing = writing;
	s->config.written = written;
	s->config.stopped = stopped;
	s->config.progress = progress;
	s->shows = isatty(STDERR_FILENO);
	calibrate_plan(&s->config, &s->plan);
}

/* Finds what is on the volume: `text` says so. */
static int look(struct session *s, enum splitter_volume_kind *kind, char *text,
    size_t text_bytes)
{
	struct splitter_scan_config config;
	struct splitter_scan_volume v;
	struct splitter_scan *scan;
	int rc = -1;

	splitter_scan_config_init(&config, sizeof config, SPLITTER_API);
	scan = splitter_scan_new(&config, s->err, sizeof s->err);
	if (scan == NULL)
		return -1;
	if (splitter_scan_label(scan, s->drive.tape, &s->drive.now_ns) == 0 &&
	    splitter_scan_get_volume(scan, 0, &v, sizeof v) == 0) {
		*kind = v.kind;
		snprintf(text, text_bytes, "%s%s%s",
		    v.kind == SPLITTER_VOLUME_SCRATCH ? "a scratch label"
			: v.kind == SPLITTER_VOLUME_BLANK
			? "nothing: it is blank"
			: v.kind == SPLITTER_VOLUME_DUMPS
			? "dumps of tapelab, the first of them "
			: "",
		    v.kind == SPLITTER_VOLUME_DUMPS ? v.dump : "",
		    v.kind == SPLITTER_VOLUME_FOREIGN ||
			    v.kind == SPLITTER_VOLUME_UNREADABLE
			? v.why
			: "");
		rc = 0;
	} else {
		snprintf(s->err, sizeof s->err, "out of memory");
	}
	splitter_scan_free(scan);
	return rc;
}

static void print_plan(const struct session *s, const char *content)
{
	const struct calibrate_plan *p = &s->plan;
	char text[UNITS_BYTES], bytes[UNITS_BYTES];
	size_t units = calibrate_journal_units(s->journal);

	fprintf(stderr,
	    "%s%s: %s %s, firmware %s\n"
	    "volume %s: %s; all that is on it after its label is lost\n"
	    "expected, by %s: %s, %s written, %" PRIu64
	    " stops of the tape, %.1f wraps passed\n",
	    s->about.virtual_drive ? "VIRTUAL DRIVE: " : "", s->about.where,
	    s->about.maker, s->about.product, s->about.firmware,
	    s->about.volume, content, s->about.base_name,
	    units_time(text, p->all_s), units_size_decimal(bytes, p->bytes),
	    p->repositions, p->passes);
	for (int i = 0; i < CALIBRATE_RECIPES; i++)
		if (p->seconds[i] > 0)
			fprintf(stderr, "  %-10s %s\n",
			    calibrate_recipe_name((enum calibrate_recipe)i),
			    units_time(text, p->seconds[i]));
	if (!s->drive.paced)
		fputs("the time is virtual: the run takes seconds\n", stderr);
	if (units > 0)
		fprintf(stderr, "continued: %zu measurements are in %s/%s\n",
		    units, s->request->out, CALIBRATE_JOURNAL_NAME);
}

/* For --overwrite-unnamed. */
static bool agrees(void *arg, const char *what)
{
	const struct session *s = arg;

	fprintf(stderr, "tapelab: %s: content of the volume in the drive: %s\n",
	    s->about.where, what);
	return s->request->yes || terminal_confirms(s->about.where);
}

/* Labels the volume, unless the run that is continued has done that. */
static int label(struct session *s, enum splitter_volume_kind kind)
{
	const struct calibrate_request *q = s->request;
	const struct calibrate_label config = { .tape = s->drive.tape,
		.where = s->about.where,
		.overwrite = q->overwrite.names,
		.overwrite_count = q->overwrite.count,
		.format = q->overwrite.format,
		.label_blank = q->label_blank,
		.continued = calibrate_journal_units(s->journal) > 0,
		.agrees = q->overwrite.unnamed ? agrees : NULL,
		.arg = s };

	return calibrate_label(&config, kind, &s->drive.now_ns, s->err,
	    sizeof s->err);
}

/* The next run looks at the cartridge: what others wrote on it is not lost. */
static int end_early(const struct session *s,
    const struct calibrate_result *result)
{
	const char *name =
	    s->about.volume[0] != '\0' ? s->about.volume : s->about.cartridge;

	if (result->end == CALIBRATE_STOPPED)
		fputs("tapelab: interrupted", stderr);
	else
		fprintf(stderr, "tapelab: %s: %s", s->about.where,
		    result->message);
	fprintf(stderr,
	    "; what was measured is kept: with cartridge %s in a drive that is "
	    "ready, and not written by another program, the same command "
	    "continues\n",
	    name);
	return CMD_LOST;
}

/* Writes the files and prints the result.  Returns the exit status. */
static int finish(struct session *s, const struct calibrate_result *result)
{
	bool fits = true;

	if (result->end != CALIBRATE_DONE)
		return end_early(s, result);
	if (calibrate_files_write(&s->config, result, &s->about,
		s->request->out, s->err, sizeof s->err) != 0)
		return fail(s->err);
	calibrate_print(&s->config, result, &s->about, stdout);
	printf("\n%s/%s: the profile; %s/index.html: the report\n",
	    s->request->out, CALIBRATE_PROFILE_NAME, s->request->out);
	if (s->request->fill)
		calibrate_facts_write(stdout, &s->config, result, &s->about);
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
		fits &= result->of[i].found != CALIBRATE_NO_FIT;
	return fits ? CMD_OK : CMD_FAILED;
}

static int measure(struct session *s)
{
	struct calibrate_result result;
	int status;

	s->config.now_ns = s->drive.now_ns;
	calibrate_run(&s->config, &result);
	if (s->shows)
		fputs("\r\033[K", stderr);
	status = finish(s, &result);
	calibrate_result_clear(&result);
	return status;
}

static int carry_out(struct session *s, bool *wrote)
{
	const struct calibrate_request *q = s->request;
	enum splitter_volume_kind kind;
	char content[MESSAGE_BYTES];

	describe(s);
	s->journal =
	    calibrate_journal_open(q->out, &s->about, s->err, sizeof s->err);
	if (s->journal == NULL || check_cartridge(s) != 0 ||
	    look(s, &kind, content, sizeof content) != 0)
		return fail(s->err);
	print_plan(s, content);
	if (!q->yes &&
	    !terminal_agrees("Calibrate the drive, and write on this "
			     "volume?")) {
		fputs("tapelab: not confirmed: nothing was written; --yes "
		      "confirms without a terminal\n",
		    stderr);
		return signals_signal() != 0 ? CMD_LOST : CMD_USAGE;
	}
	if (label(s, kind) != 0)
		return fail(s->err);
	*wrote = true;
	return measure(s);
}

int calibrate_command(const struct calibrate_request *request)
{
	struct session *s = calloc(1, sizeof *s);
	int status = CMD_USAGE;
	bool wrote = false;

	if (s == NULL)
		return fail("out of memory");
	s->request = request;
	s->command = cmd_line(request->argc, request->argv);
	if (s->command == NULL)
		fail("out of memory");
	else if (calibrate_files_prepare(request->out, s->err, sizeof s->err) !=
		0 ||
	    measured_drive_open(&s->drive, &request->tapes, request->model,
		s->err, sizeof s->err) != 0)
		fail(s->err);
	else
		status = carry_out(s, &wrote);
	measured_drive_close(&s->drive, wrote);
	calibrate_journal_close(s->journal);
	free(s->command);
	free(s);
	return signals_signal() != 0 && status == CMD_USAGE ? CMD_LOST : status;
}
