/* soak_text.c: a case as a scenario, and as a line for the reference. */
#include "sim/tests/soak/soak_hard.h"

#include <inttypes.h>
#include <string.h>

#include "reports/units.h"

static const char *const caches[] = { "none", "memory", "spool", "slices" };

void soak_write_size(FILE *to, const char *before, uint64_t bytes)
{
	char text[UNITS_BYTES];

	units_size_exact(text, bytes);
	fprintf(to, "%s%s", before, text);
}

static void write_volume(const struct soak_case *c, size_t i, size_t count,
    FILE *to)
{
	const struct soak_volume *v = &c->volumes[i];
	char barcode[SOAK_BARCODE_BYTES];

	fputs("    - {", to);
	soak_barcode(c, i, barcode);
	if (v->medium != NULL)
		fprintf(to, "barcode: %s, ", barcode);
	if (count > 1)
		fprintf(to, "count: %zu, ", count);
	soak_write_size(to, "capacity: ", v->capacity_bytes);
	fputs(", early_warning: ", to);
	if (v->warning_bytes == 0)
		fputs("none", to);
	else
		soak_write_size(to, "", v->warning_bytes);
	fputs("}\n", to);
}

static void write_library(const struct soak_case *c, FILE *to)
{
	size_t i, n;

	fputs("library:\n  drives: [", to);
	for (i = 0; i < c->drives_count; i++) {
		fputs(i > 0 ? ", " : "", to);
		soak_hard_write_drive(c, i, to);
	}
	fputs("]\n", to);
	soak_hard_write_library(c, to);
	if (c->raw)
		fputs("  payload: raw\n", to);
	fputs("  volumes:\n", to);
	for (i = 0; i < c->volumes_count; i += n) {
		for (n = 1;
		     i + n < c->volumes_count && c->volumes[i].medium == NULL &&
		     memcmp(&c->volumes[i], &c->volumes[i + n],
			 sizeof *c->volumes) == 0;
		     n++)
			;
		write_volume(c, i, n, to);
	}
}

/* Writes a feed that is never slower than the lowest rate of the case. */
static void write_feed(const struct soak_case *c, FILE *to)
{
	static const char *const kinds[SOAK_FEEDS] = {
		"uniform: {rate: %" PRIu64 "..%" PRIu64 " B/s, every: 7 s",
		"normal: {mean: %" PRIu64 " B/s, deviation: %" PRIu64 " B/s",
		"lognormal: {median: %" PRIu64 " B/s, mean: %" PRIu64 " B/s",
		"network: {mean: %" PRIu64 " B/s, deviation: %" PRIu64 " B/s",
	};
	uint64_t min = c->rate_min_bytes_per_s, max = c->rate_max_bytes_per_s;
	uint64_t middle = min + (max - min) / 2;

	fprintf(to, "\n  feed:\n    open: %s\n    ",
	    c->feed_open ? "true" : "false");
	switch (c->feed) {
	case 1:
		fprintf(to, kinds[0], min, max);
		break;
	case 3:
		fprintf(to, kinds[2], middle, max);
		break;
	default:
		fprintf(to, kinds[c->feed - 1], middle, 1 + (max - min) / 4);
		break;
	}
	if (c->feed > 1)
		fprintf(to, ", min: %" PRIu64 " B/s, max: %" PRIu64 " B/s", min,
		    max);
	fputc('}', to);
}

static void write_dump(const struct soak_case *c, FILE *to)
{
	fprintf(to, "dump:\n  source: %s\n", c->zeros ? "zeros" : "random");
	soak_write_size(to, "  size: ", c->dump_bytes);
	if (c->hard.compressible_permille > 0)
		fprintf(to, "\n  compression_ratio: %.3f:1",
		    (double)c->hard.compressible_permille / 1000);
	if (c->rate_min_bytes_per_s > 0 && c->feed > 0)
		write_feed(c, to);
	else if (c->rate_min_bytes_per_s > 0)
		fprintf(to, "\n  rate: %" PRIu64 "..%" PRIu64 " B/s",
		    c->rate_min_bytes_per_s, c->rate_max_bytes_per_s);
	fputc('\n', to);
}

static void write_cache(const struct soak_case *c, FILE *to)
{
	if (c->cache != SPLITTER_CACHE_NONE)
		fprintf(to, "  cache: %s\n", caches[c->cache]);
	if (c->spool_here || c->spool_bytes > 0) {
		fputs("  spool:\n", to);
		if (c->spool_here)
			fputs("    dir: .\n", to);
		if (c->spool_bytes > 0) {
			soak_write_size(to, "    size: ", c->spool_bytes);
			fputc('\n', to);
		}
	}
	for (size_t i = 0; i < c->slices_count; i++)
		soak_write_size(to, i == 0 ? "  slices: [" : ", ",
		    c->slices[i]);
	if (c->slices_count > 0)
		fputs("]\n", to);
}

static void write_splitter(const struct soak_case *c, FILE *to)
{
	static const char *const needs[] = { "none", "desired", "required" };

	soak_write_size(to, "splitter:\n  block: ", c->block_bytes);
	soak_write_size(to, "\n  buffer: ", c->buffer_bytes);
	if (c->part_bytes > 0)
		soak_write_size(to, "\n  part: ", c->part_bytes);
	fputc('\n', to);
	write_cache(c, to);
	if (c->has_streaming)
		fprintf(to, "  streaming: %s\n", needs[c->streaming]);
	if (c->start_fill_percent != 100)
		fprintf(to, "  start_fill: %u %%\n", c->start_fill_percent);
	if (c->max_volumes > 0)
		fprintf(to, "  max_volumes: %u\n", c->max_volumes);
	if (c->max_failed_volumes != 3)
		fprintf(to, "  max_failed_volumes: %u\n",
		    c->max_failed_volumes);
}

static const char *fail_name(enum scenario_fail fail)
{
	static const char *const names[] = {
		[FAIL_WRITE] = "write",
		[FAIL_BLOCK] = "block",
		[FAIL_HEADER] = "header",
		[FAIL_FILEMARK] = "filemark",
		[FAIL_LABEL] = "label",
		[FAIL_LOAD] = "load",
		[FAIL_SPOOL_WRITE] = "spool_write",
		[FAIL_SPOOL_READ] = "spool_read",
		[FAIL_SLICE] = "slice",
		[FAIL_SLICE_ANNOUNCEMENT] = "slice_announcement",
		[FAIL_PRODUCER] = "producer",
		[FAIL_STALL] = "stall",
		[FAIL_CANCEL] = "cancel",
	};

	return names[fail];
}

static void write_fault(const struct scenario_fault *f, FILE *to)
{
	static const char *const hows[] = { "missing", "truncated", "corrupt" };
	bool operation = f->fail >= FAIL_BLOCK && f->fail <= FAIL_LOAD;
	bool nth = operation || f->fail == FAIL_SLICE ||
	    f->fail == FAIL_SLICE_ANNOUNCEMENT;

	fprintf(to, "  - {fail: %s", fail_name(f->fail));
	if (f->fail == FAIL_WRITE)
		fprintf(to, ", volume: %zu, sense: %s", f->volume,
		    f->sense->name);
	if (f->fail == FAIL_CANCEL && f->after_ns >= 0)
		fprintf(to, ", after_time: %" PRId64 " ns", f->after_ns);
	else if (!nth)
		soak_write_size(to, ", at: ", f->at_bytes);
	if (nth)
		fprintf(to, ", nth: %" PRIu64, f->nth);
	if (f->fail == FAIL_SLICE)
		fprintf(to, ", mode: %s", hows[f->slice_mode]);
	if (f->fail == FAIL_STALL)
		fprintf(to, ", duration: %" PRId64 " ns", f->duration_ns);
	if (operation)
		fprintf(to, ", cause: %s", tape_cause_name(f->cause));
	if (f->once &&
	    (operation || f->fail == FAIL_WRITE || f->fail == FAIL_SPOOL_WRITE))
		fputs(", once: true", to);
	fputs("}\n", to);
}

static void write_expectations(const struct soak_case *c, const char *answer,
    FILE *to)
{
	char outcome[16];
	uint64_t safe;
	int line;

	fputs("expect:\n", to);
	if (!c->hard.is || !soak_hard_is_spoilt(c, 0))
		fputs("  - restored == source\n", to);
	if (sscanf(answer, "%15s %" SCNu64 " %n", outcome, &safe, &line) < 2)
		return;
	switch (soak_known(c)) {
	case SOAK_ALL:
		fprintf(to,
		    "  - outcome == %s\n  - safe_bytes == %" PRIu64
		    " B\n  - attempts == %s\n",
		    outcome, safe, answer + line);
		break;
	case SOAK_BEGINNING:
		fprintf(to, "  - safe_bytes <= %" PRIu64 " B\n", safe);
		break;
	case SOAK_NOTHING:
		fprintf(to, "  - safe_bytes <= %" PRIu64 " B\n", c->dump_bytes);
		break;
	}
}

void soak_write(const struct soak_case *c, const char *answer, FILE *to)
{
	fprintf(to, "title: Drawn from the seed %" PRIu64 "\n", c->seed);
	write_library(c, to);
	write_dump(c, to);
	write_splitter(c, to);
	if (c->faults_count > 0)
		fputs("faults:\n", to);
	for (size_t i = 0; i < c->faults_count; i++)
		if (!c->hard.is || !soak_hard_write_fault(&c->faults[i], to))
			write_fault(&c->faults[i], to);
	write_expectations(c, answer, to);
}

/* Returns the cause of a sense code, from the manual page. */
static const char *cause_of_sense(const struct sense_event *sense)
{
	static const char *const causes[][2] = {
		{ "position_lost", "position" },
		{ "reset", "position" },
		{ "medium_changed", "position" },
		{ "hardware_error", "drive" },
		{ "positioning_error", "drive" },
		{ "load_failed", "drive" },
		{ "volume_overflow", "peom" },
		{ "write_protected", "protected" },
		{ "worm_overwrite", "protected" },
		{ "unable_to_decrypt", "protected" },
		{ "security_error", "unknown" },
		{ "becoming_ready", "unknown" },
		{ "no_medium", "unknown" },
	};

	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (strcmp(causes[i][0], sense->name) == 0)
			return causes[i][1];
	return "medium";
}

static const char *cause_of_operation(enum tape_cause cause)
{
	switch (cause) {
	case TAPE_PEOM:
		return "peom";
	case TAPE_DEFERRED_ERROR:
		return "deferred";
	case TAPE_HARDWARE_ERROR:
		return "drive";
	case TAPE_POSITION_LOST:
		return "position";
	case TAPE_UNKNOWN_ERROR:
		return "unknown";
	case TAPE_WRITE_PROTECTED:
		return "protected";
	default:
		return "medium";
	}
}

/* Writes the data that is lost if the file of a slice is damaged. */
static void ask_slice(const struct soak_case *c, const struct scenario_fault *f,
    FILE *to)
{
	uint64_t begin, end;
	size_t n = c->slices_count, i = f->nth - 1;

	if (f->nth > n + 1)
		return;
	begin = i > 0 ? c->slices[i - 1] : 0;
	end = i < n ? c->slices[i] : c->dump_bytes;
	if (f->fail == FAIL_SLICE_ANNOUNCEMENT) {
		fprintf(to, " announced=%" PRIu64, begin);
		return;
	}
	if (f->slice_mode != SLICE_MISSING)
		begin += (end - begin) / 2;
	if (f->slice_mode == SLICE_CORRUPT)
		end = begin + 1;
	fprintf(to, " lost=%" PRIu64 ":%" PRIu64, begin, end);
}

static void ask_fault(const struct soak_case *c, const struct scenario_fault *f,
    FILE *to)
{
	switch (f->fail) {
	case FAIL_WRITE:
		fprintf(to, " spot=%zu:%" PRIu64 ":%s", f->volume, f->at_bytes,
		    cause_of_sense(f->sense));
		break;
	case FAIL_SPOOL_READ:
		fprintf(to, " lost=%" PRIu64 ":%" PRIu64, f->at_bytes,
		    f->at_bytes + 1);
		break;
	case FAIL_SLICE:
	case FAIL_SLICE_ANNOUNCEMENT:
		ask_slice(c, f, to);
		break;
	default:
		if (f->fail <= FAIL_LOAD)
			fprintf(to, " cue=%s:%" PRIu64 ":%s%s",
			    fail_name(f->fail), f->nth,
			    cause_of_operation(f->cause), f->once ? "" : "+");
		break;
	}
}

/*
 * Returns the bytes of a run of blocks: an eighth of the buffer, and at least
 * one block.
 */
static uint64_t run_bytes(const struct soak_case *c)
{
	uint64_t blocks =
	    (c->buffer_bytes + c->block_bytes - 1) / c->block_bytes;
	uint64_t run = (blocks < 2 ? 2 : blocks) * c->block_bytes / 8;

	run -= run % c->block_bytes;
	return run > 0 ? run : c->block_bytes;
}

void soak_write_question(const struct soak_case *c, FILE *to)
{
	size_t i;

	fprintf(to,
	    "dump=%" PRIu64 " block=%" PRIu64 " part=%" PRIu64 " run=%" PRIu64,
	    c->dump_bytes, c->block_bytes, c->part_bytes, run_bytes(c));
	for (i = 0; i < c->volumes_count; i++)
		fprintf(to, "%s%" PRIu64, i == 0 ? " capacity=" : ",",
		    c->volumes[i].capacity_bytes);
	for (i = 0; i < c->volumes_count; i++)
		fprintf(to,
		    c->volumes[i].warning_bytes > 0 ? "%s%" PRIu64 : "%snone",
		    i == 0 ? " warning=" : ",", c->volumes[i].warning_bytes);
	fprintf(to,
	    " volumes=%zu drives=%zu cache=%s max_failed=%u "
	    "max_volumes=%u",
	    c->volumes_count, c->drives_count, caches[c->cache],
	    c->max_failed_volumes, c->max_volumes);
	for (i = 0; i < c->faults_count; i++)
		ask_fault(c, &c->faults[i], to);
	fputc('\n', to);
}
