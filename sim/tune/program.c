/*
 * program.c: see program.h.
 *
 * From the manuals: amanda.conf(5) and amanda-devices(7) of Amanda 3.5,
 * "Storage Daemon Configuration" and "Data Spooling" of Bareos 23, mbuffer(1)
 * of mbuffer 20220418.
 */
#include "sim/tune/program.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/units.h"

#define MIB (UINT64_C(1) << 20)

/* Sizes are whole megabytes there, or bytes. */
static void put_amanda_size(FILE *out, const char *key, uint64_t bytes)
{
	if (bytes % MIB == 0)
		fprintf(out, "%s %" PRIu64 " mbytes\n", key, bytes / MIB);
	else
		fprintf(out, "%s %" PRIu64 " kbytes\n", key,
		    bytes / 1024 + (bytes % 1024 > 0));
}

static void put_amanda(FILE *out, const struct tune_settings *s)
{
	static const char *const caches[] = {
		[SPLITTER_CACHE_NONE] = "none",
		[SPLITTER_CACHE_MEMORY] = "memory",
		[SPLITTER_CACHE_SPOOL] = "disk",
	};
	const uint64_t *v = s->value;

	fprintf(out, "device-output-buffer-size %" PRIu64 "\n", v[TUNE_BUFFER]);
	if (v[TUNE_DRIVES] > 1)
		fprintf(out, "taper-parallel-write %" PRIu64 "\n",
		    v[TUNE_DRIVES]);
	fprintf(out,
	    "define device drive {\n"
	    "  tapedev \"tape:/dev/nst0\"\n"
	    "  device-property \"BLOCK_SIZE\" \"%" PRIu64 "\"\n"
	    "  device-property \"LEOM\" \"true\"\n"
	    "}\n"
	    "define tapetype tape {\n",
	    v[TUNE_BLOCK]);
	if (v[TUNE_PART] > 0) {
		put_amanda_size(out, "  part-size", v[TUNE_PART]);
		fprintf(out, "  part-cache-type %s\n", caches[v[TUNE_CACHE]]);
	}
	if (v[TUNE_CACHE] == SPLITTER_CACHE_SPOOL)
		fputs("  part-cache-dir \"/var/spool/amanda\"\n", out);
	fputs("}\n", out);
}

static void put_bareos(FILE *out, const struct tune_settings *s)
{
	fprintf(out,
	    "Device {\n"
	    "  Maximum Block Size = %" PRIu64 "\n",
	    s->value[TUNE_BLOCK]);
	if (s->value[TUNE_PART] > 0)
		fprintf(out, "  Maximum File Size = %" PRIu64 "\n",
		    s->value[TUNE_PART]);
	fputs("}\n", out);
}

static void put_mbuffer_size(FILE *out, const char *option, uint64_t bytes)
{
	if (bytes % MIB == 0)
		fprintf(out, " %s %" PRIu64 "M", option, bytes / MIB);
	else if (bytes % 1024 == 0)
		fprintf(out, " %s %" PRIu64 "k", option, bytes / 1024);
	else
		fprintf(out, " %s %" PRIu64 "b", option, bytes);
}

static void put_mbuffer(FILE *out, const struct tune_settings *s)
{
	fputs("mbuffer", out);
	put_mbuffer_size(out, "-s", s->value[TUNE_BLOCK]);
	put_mbuffer_size(out, "-m", s->value[TUNE_BUFFER]);
	if (s->value[TUNE_START_FILL] > 0)
		fprintf(out, " -P %" PRIu64, s->value[TUNE_START_FILL]);
	fputs(" -o /dev/nst0\n", out);
}

static void put_tapelab(FILE *out, const struct tune_settings *s)
{
	const uint64_t *v = s->value;
	char size[UNITS_BYTES];

	fputs("tapelab write --device /dev/nst0 --dump NAME \\\n", out);
	fprintf(out, "    --block '%s'", units_size_exact(size, v[TUNE_BLOCK]));
	fprintf(out, " --buffer '%s'", units_size_exact(size, v[TUNE_BUFFER]));
	if (v[TUNE_PART] > 0)
		fprintf(out, " --part '%s'",
		    units_size_exact(size, v[TUNE_PART]));
	fprintf(out, " \\\n    --cache %s",
	    splitter_cache_name((enum splitter_cache)v[TUNE_CACHE]));
	if (v[TUNE_START_FILL] > 0)
		fprintf(out, " --streaming required --start-fill %" PRIu64 "%%",
		    v[TUNE_START_FILL]);
	fputc('\n', out);
}

static const char by_mt[] = "it is a setting of the drive: mt -f /dev/nst0 "
			    "compression 0 or 1";

static const struct tune_program programs[] = {
	[TUNE_PROGRAM_AMANDA] = { .name = "Amanda",
	    .versions = "3.3 to 3.5",
	    .names = { [TUNE_BLOCK] = "BLOCK_SIZE",
		[TUNE_BUFFER] = "device-output-buffer-size",
		[TUNE_PART] = "part-size",
		[TUNE_CACHE] = "part-cache-type",
		[TUNE_DRIVES] = "taper-parallel-write" },
	    .instead = { [TUNE_START_FILL] = "it starts at once; collect "
					     "dumps on a holding disk",
		[TUNE_COMPRESSION] = by_mt },
	    .note = "With LEOM, a part that meets the end of a tape is "
		    "complete, so no part cache is needed for that; a cache "
		    "only helps after a write error.",
	    .older = "Amanda reads a tape with larger blocks than its own only "
		     "with readblocksize in the tapetype.",
	    .put = put_amanda },
	[TUNE_PROGRAM_BAREOS] = { .name = "Bareos, Bacula",
	    .versions = "Bareos 23 or later, Bacula 9 or later",
	    .names = { [TUNE_BLOCK] = "Maximum Block Size",
		[TUNE_PART] = "Maximum File Size",
		[TUNE_DRIVES] = "a Device for each drive" },
	    .instead = { [TUNE_BUFFER] = "it has no buffer except spooling to "
					 "disk",
		[TUNE_CACHE] = "a failed part is not written again",
		[TUNE_START_FILL] = "it starts at once",
		[TUNE_COMPRESSION] = by_mt },
	    .note = "Spool Data = yes in the Job, with Spool Directory and "
		    "Maximum Spool Size in the Device, writes a job to disk "
		    "first: the tape is then fed at the rate of that disk.",
	    .older = "Bareos reads a volume only with a Device whose Maximum "
		     "Block Size is at least that of the volume: change it in "
		     "all Devices of the same Media Type.",
	    .put = put_bareos },
	[TUNE_PROGRAM_MBUFFER] = { .name = "mbuffer",
	    .versions = "20171011 or later",
	    .names = { [TUNE_BLOCK] = "-s",
		[TUNE_BUFFER] = "-m",
		[TUNE_START_FILL] = "-P" },
	    .instead = { [TUNE_PART] = "it writes one file",
		[TUNE_CACHE] = "what failed is not written again",
		[TUNE_DRIVES] = "run one mbuffer for each drive",
		[TUNE_COMPRESSION] = by_mt },
	    .older = "Read a tape back with the block size with which it was "
		     "written.",
	    .put = put_mbuffer },
	[TUNE_PROGRAM_TAPELAB] = { .name = "tapelab",
	    .versions = "this version",
	    .names = { [TUNE_BLOCK] = "--block",
		[TUNE_BUFFER] = "--buffer",
		[TUNE_PART] = "--part",
		[TUNE_CACHE] = "--cache",
		[TUNE_START_FILL] = "--start-fill" },
	    .instead = { [TUNE_DRIVES] = "run one tapelab write for each drive",
		[TUNE_COMPRESSION] = by_mt },
	    .older = "Each header says which block size its dump has, so older "
		     "volumes are read as they are.",
	    .put = put_tapelab },
};

const struct tune_program *tune_program_get(enum tune_program_id id)
{
	return &programs[id];
}

void tune_program_fix(const struct tune_program *program,
    const struct tune_settings *base, struct tune_settings *settings)
{
	const uint64_t instead[TUNE_AXES] = {
		[TUNE_BLOCK] = base->value[TUNE_BLOCK],
		/* The block that is written, and the one that is filled. */
		[TUNE_BUFFER] = 2 * settings->value[TUNE_BLOCK],
		[TUNE_PART] = 0,
		[TUNE_CACHE] = SPLITTER_CACHE_NONE,
		[TUNE_START_FILL] = 0,
		[TUNE_DRIVES] = base->value[TUNE_DRIVES],
		[TUNE_COMPRESSION] = base->value[TUNE_COMPRESSION],
	};

	for (size_t i = 0; i < TUNE_AXES; i++)
		if (program->names[i] == NULL)
			settings->value[i] = instead[i];
}

char *tune_program_text(const struct tune_program *program,
    const struct tune_settings *settings)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	program->put(out, settings);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
