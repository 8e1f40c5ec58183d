/* overrides.c: the settings of a scenario, and how to change them; axis.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/tune/points/axis.h"
#include "sim/tune/points/print.h"
#include "vtl/yaml/print.h"

static bool compresses(const struct scenario *s)
{
	const struct drive_options *o = &s->behaviours[0];

	return o->zlib ||
	    (o->layout.ratio_permille != 0 && o->layout.ratio_permille != 1000);
}

void tune_settings_of(const struct scenario *s, struct tune_settings *settings)
{
	const struct scenario_splitter *p = &s->splitter;

	*settings =
	    (struct tune_settings){ .value = {
					[TUNE_BLOCK] = p->block_bytes,
					[TUNE_BUFFER] = p->buffer_bytes,
					[TUNE_PART] = p->part_bytes,
					[TUNE_CACHE] = p->cache,
					[TUNE_START_FILL] = p->has_streaming &&
						p->streaming !=
						    SPLITTER_STREAMING_NONE
					    ? p->start_fill_percent
					    : 0,
					[TUNE_DRIVES] = s->drives_count,
					[TUNE_COMPRESSION] = compresses(s)
					    ? TUNE_COMPRESSION_ON
					    : TUNE_COMPRESSION_OFF,
				    } };
}

static int __attribute__((format(printf, 2, 3)))
put(struct tune_overrides *o, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = tune_print_v(format, args);
	va_end(args);
	if (text == NULL)
		return -1;
	o->list[o->count++] = text;
	return 0;
}

static int put_cache(const struct scenario *s, enum splitter_cache cache,
    struct tune_overrides *o)
{
	const struct scenario_splitter *p = &s->splitter;

	/* The key `spool` is allowed only with this cache. */
	if ((p->spool_dir != NULL || p->spool_bytes > 0 ||
		p->spool_bytes_per_s > 0 || p->spool_latency_ns > 0) &&
	    put(o, "splitter.spool=") != 0)
		return -1;
	return put(o, "splitter.cache=%s", splitter_cache_name(cache));
}

static int put_start_fill(uint64_t percent, struct tune_overrides *o)
{
	if (percent == 0)
		return put(o, "splitter.streaming=none");
	if (put(o, "splitter.streaming=required") != 0)
		return -1;
	return put(o, "splitter.start_fill=%" PRIu64 " %%", percent);
}

static int put_drives(const struct scenario *s, uint64_t count,
    struct tune_overrides *o)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);
	int rc;

	if (out == NULL)
		return -1;
	for (uint64_t i = 0; i < count; i++) {
		fputs(i == 0 ? "[" : ", ", out);
		yaml_text_print(out, s->model_name);
	}
	fputc(']', out);
	rc = fclose(out) == 0 ? put(o, "library.drives=%s", text) : -1;
	free(text);
	return rc;
}

/* Usual data compresses as the model of the drive says. */
static int put_compression(const struct scenario *s, uint64_t word,
    struct tune_overrides *o)
{
	uint32_t permille = s->drives[0]->ratio_permille;

	if (word == TUNE_COMPRESSION_OFF || permille == 0)
		permille = 1000;
	return put(o, "library.behaviour.compression=%u.%u %%", permille / 10,
	    permille % 10);
}

int tune_overrides_make(const struct scenario *s,
    const struct tune_settings *from, const struct tune_settings *to,
    struct tune_overrides *o)
{
	const uint64_t *a = from->value, *b = to->value;

	*o = (struct tune_overrides){ .count = 0 };
	if ((a[TUNE_BLOCK] != b[TUNE_BLOCK] &&
		put(o, "splitter.block=%" PRIu64 " B", b[TUNE_BLOCK]) != 0) ||
	    (a[TUNE_BUFFER] != b[TUNE_BUFFER] &&
		put(o, "splitter.buffer=%" PRIu64 " B", b[TUNE_BUFFER]) != 0) ||
	    (a[TUNE_PART] != b[TUNE_PART] &&
		put(o, "splitter.part=%" PRIu64 " B", b[TUNE_PART]) != 0))
		return -1;
	if ((a[TUNE_CACHE] != b[TUNE_CACHE] &&
		put_cache(s, (enum splitter_cache)b[TUNE_CACHE], o) != 0) ||
	    (a[TUNE_START_FILL] != b[TUNE_START_FILL] &&
		put_start_fill(b[TUNE_START_FILL], o) != 0) ||
	    (a[TUNE_DRIVES] != b[TUNE_DRIVES] &&
		put_drives(s, b[TUNE_DRIVES], o) != 0) ||
	    (a[TUNE_COMPRESSION] != b[TUNE_COMPRESSION] &&
		put_compression(s, b[TUNE_COMPRESSION], o) != 0))
		return -1;
	return 0;
}

void tune_overrides_clear(struct tune_overrides *o)
{
	for (size_t i = 0; i < o->count; i++)
		free(o->list[i]);
	o->count = 0;
}
