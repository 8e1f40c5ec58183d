/* limits.c: what limits the dump, and where no setting helps. */
#include <math.h>
#include <stdio.h>

#include "reports/units.h"
#include "sim/tune/answer/impl.h"
#include "sim/tune/answer/say.h"
#include "sim/tune/speed.h"

/* Shares of time below this are not worth a word. */
#define SMALL 0.02

static const struct model *model_of(const struct tune_study *study)
{
	return study->base.scenario->drives[0];
}

static void say_feed(const struct tune_study *study, struct tune_doc *doc)
{
	const struct tune_sample *s = &study->chosen;
	double feed = tune_mean_feed(s);
	double blocked = s->of[TUNE_BLOCKED].mean / s->of[TUNE_DURATION].mean /
	    (double)study->question.dumps;
	const char *each = study->question.dumps > 1 ? " to each dump" : "";
	char rate[TUNE_SAY_BYTES], share[TUNE_SAY_BYTES];

	tune_say_rate(rate, feed, s->of[TUNE_RATE].deviation);
	tune_say_share(share, blocked);
	if (!isfinite(feed))
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "The tape is the limit: the source is as fast as the "
		    "buffer takes its data.");
	else if (blocked < SMALL)
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "The source is the limit: it delivers %s%s and waited in "
		    "%s of the time. No setting makes the dump much faster.",
		    rate, each, share);
	else
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "The tape is the limit in %s of the time, in which the "
		    "source waited for room in the buffer; otherwise the "
		    "source delivers %s%s.",
		    share, rate, each);
}

/* Where the time of the drives goes, by their own counters. */
static void say_times(const struct tune_study *study, struct tune_doc *doc)
{
	static const struct {
		enum tune_figure figure;
		const char *what;
	} rows[] = {
		{ TUNE_STREAMING, "the tape moves and takes data" },
		{ TUNE_HITCHING, "stops: stop, go back, start again" },
		{ TUNE_STANDING, "the tape stands and waits for data" },
		{ TUNE_TURNING, "turns at the ends of the tape" },
		{ TUNE_LOCATING, "locates" },
		{ TUNE_DRIVE_LOADING, "loads" },
		{ TUNE_REWINDING, "rewinds" },
		{ TUNE_DRIVE_UNLOADING, "unloads" },
	};
	const struct tune_sample *s = &study->chosen;
	char share[TUNE_SAY_BYTES];
	double sum = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		sum += s->of[rows[i].figure].mean;
	if (isnan(sum) || !(sum > 0))
		return;
	tune_doc_cells(doc, TUNE_DOC_HEADER,
	    (const char *[]){ "What the drive does", "Share of time", NULL });
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (s->of[rows[i].figure].mean > 0)
			tune_doc_cells(doc, TUNE_DOC_ROW,
			    (const char *[]){ rows[i].what,
				tune_say_share(share,
				    s->of[rows[i].figure].mean / sum),
				NULL });
}

/* Whether the time of a block on the bus exceeds that on the tape. */
static void say_host(const struct tune_study *study, struct tune_doc *doc)
{
	const struct model *m = model_of(study);
	double block = (double)study->chosen.settings.value[TUNE_BLOCK];
	double bus =
	    m->bus_bytes_per_s > 0 ? block / (double)m->bus_bytes_per_s : 0;
	double host = block / ((double)m->command_ns / 1e9 + bus);
	char rate[TUNE_SAY_BYTES], size[TUNE_TEXT_BYTES];

	if (tune_highest_speed(study) == 0 || !isfinite(host) ||
	    host > tune_highest_speed(study))
		return;
	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "The host is a limit: in blocks of %s it can send %s, which is "
	    "less than the drive's highest speed.",
	    tune_axis_text(TUNE_BLOCK, study->chosen.settings.value[TUNE_BLOCK],
		size),
	    tune_say_rate(rate, host, 0));
}

static void say_stops_table(const struct tune_study *study,
    struct tune_doc *doc)
{
	tune_doc_cells(doc, TUNE_DOC_HEADER,
	    (const char *[]){ "Buffer of the host", "start_fill 0 %", "50 %",
		"100 %", NULL });
	for (size_t i = 0; i < TUNE_SLOW_BUFFERS; i++) {
		char size[UNITS_BYTES], cells[TUNE_SLOW_FILLS][TUNE_SAY_BYTES];

		for (size_t j = 0; j < TUNE_SLOW_FILLS; j++)
			tune_say_number(cells[j], study->slow[i][j],
			    study->chosen.stops_data.deviation);
		tune_doc_cells(doc, TUNE_DOC_ROW,
		    (const char *[]){
			units_size_exact(size, tune_slow_buffers[i]), cells[0],
			cells[1], cells[2], NULL });
	}
}

/* Media of the same drive that are written at lower speeds. */
static void say_slower_media(const struct tune_study *study, double feed,
    struct tune_doc *doc)
{
	const struct model *m = model_of(study);
	char rate[TUNE_SAY_BYTES];

	for (size_t i = 1; i < m->media_count; i++) {
		double speed = (double)m->media[i].speeds_bytes_per_s[0] *
		    tune_ratio(study);

		if (m->media[i].speeds > 0 && speed <= feed)
			tune_doc_add(doc, TUNE_DOC_ITEM,
			    "A cartridge of type %s: this drive writes it from "
			    "%s on.",
			    m->media[i].medium, tune_say_rate(rate, speed, 0));
	}
}

static void say_too_slow(const struct tune_study *study, double feed,
    struct tune_doc *doc)
{
	char rate[TUNE_SAY_BYTES], speed[TUNE_SAY_BYTES];
	double ratio = tune_ratio(study);

	tune_doc_add(doc, TUNE_DOC_HEADING, "Where no setting helps");
	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "The source delivers %s, and the lowest speed of the drive is %s. "
	    "So the tape stops again and again, whatever is set; a "
	    "buffer that is larger than that of the drive, and fills before "
	    "the tape starts, makes the stops fewer.",
	    tune_say_rate(rate, feed, 0),
	    tune_say_rate(speed, tune_lowest_speed(study), 0));
	if (study->has_slow) {
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "Stops an hour for lack of data, with the other settings "
		    "as recommended:");
		say_stops_table(study, doc);
	}
	tune_doc_add(doc, TUNE_DOC_TEXT, "What helps:");
	tune_doc_add(doc, TUNE_DOC_ITEM,
	    "Collect the dump on a disk first, and write it to tape at the "
	    "rate of the disk.");
	if (study->question.dumps > 1)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "Use fewer drives at the same time, so that each gets more "
		    "of the source.");
	if (ratio > 1)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "Switch the compression of the drive off: it raises the "
		    "lowest speed, from %s to the above.",
		    tune_say_rate(rate, tune_lowest_speed(study) / ratio, 0));
	say_slower_media(study, feed, doc);
	tune_doc_add(doc, TUNE_DOC_ITEM,
	    "A drive of an older generation, whose lowest speed is lower.");
}

/* Returns the slowest speed that keeps up with the source, or the highest. */
static double speed_for(const struct tune_study *study, double feed)
{
	const struct model_medium *m = &model_of(study)->media[0];

	for (size_t i = 0; i < m->speeds; i++)
		if ((double)m->speeds_bytes_per_s[i] * tune_ratio(study) >=
		    feed)
			return (double)m->speeds_bytes_per_s[i] *
			    tune_ratio(study);
	return tune_highest_speed(study);
}

/*
 * The host waits at a filemark until the buffer of the drive is written; a
 * buffer that holds what the source delivers meanwhile makes it nearly free.
 */
static void say_buffer(const struct tune_study *study, double feed,
    struct tune_doc *doc)
{
	const struct model *m = model_of(study);
	double flush = (double)m->buffer_bytes / speed_for(study, feed) +
	    (double)m->hitch_ns / 1e9;
	char time[TUNE_SAY_BYTES], size[TUNE_SAY_BYTES];

	if (study->chosen.settings.value[TUNE_PART] == 0)
		return;
	tune_doc_add(doc, TUNE_DOC_ITEM,
	    "At a filemark the drive writes its buffer and stops, up to %s s. A "
	    "buffer of the host of %s MiB holds what the source delivers in "
	    "that time, and makes small parts nearly free.",
	    tune_say_number(time, flush, flush / 10),
	    tune_say_number(size, feed * flush / 1048576,
		feed * flush / 1048576 / 10));
}

/* Loads of new cartridges, which a dump to others does not have. */
static void say_first_load(const struct tune_study *study, struct tune_doc *doc)
{
	const int64_t mean_ns = model_of(study)->media[0].first_load_mean_ns;
	const struct drive_options *o = &study->base.scenario->behaviours[0];
	char time[UNITS_BYTES];

	if (mean_ns == 0 || o->no_media_initialization ||
	    o->media_initialization_ns != 0)
		return;
	units_time(time, (double)mean_ns / 1e9);
	tune_doc_add(doc, TUNE_DOC_ITEM,
	    "The cartridges are new: the first load of each takes this drive "
	    "%s on average. --set library.behaviour.media_initialization=0 "
	    "leaves it out, for cartridges that were loaded before.",
	    time);
}

/* Which runs say little about longer ones. */
static void say_short(const struct tune_study *study, struct tune_doc *doc)
{
	const struct model *m = model_of(study);
	const struct tune_sample *s = &study->chosen;
	const struct tune_values *parts = &study->sweep.values[TUNE_PART];
	double mounts = s->of[TUNE_LOADING].mean + s->of[TUNE_UNLOADING].mean;
	char share[TUNE_SAY_BYTES], size[UNITS_BYTES];

	mounts /= s->of[TUNE_DURATION].mean * (double)study->question.dumps;
	if (mounts > 0.05)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "Loads and unloads take %s of the time; the throughput "
		    "includes them. A longer dump gives more.",
		    tune_say_share(share, mounts));
	if (mounts > 0.05)
		say_first_load(study, doc);
	if (parts->count > 0 && parts->list[0] > 0 &&
	    parts->list[0] < 2 * m->buffer_bytes)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "The sweep has parts of less than twice the buffer of the "
		    "drive (%s). Most of the time of such a part is the wait "
		    "at its filemark, where the buffer is written to tape.",
		    units_size_exact(size, m->buffer_bytes));
}

/* Says how fast the source varies: the mean rate does not decide alone. */
static void say_variation(const struct tune_study *study, struct tune_doc *doc)
{
	const struct feed_config *f = &study->base.scenario->dumps[0].feed;
	char time[UNITS_BYTES];

	if (f->kind == FEED_RATES && f->every_ns > 0 &&
	    f->rate_bytes_per_s.min < f->rate_bytes_per_s.max)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "The rate of this source changes every %s. A source that "
		    "varies slower, with the same mean, needs more buffer for "
		    "the same throughput: record it (tapelab record).",
		    units_time(time, (double)f->every_ns / 1e9));
}

void tune_answer_limits(const struct tune_study *study, struct tune_doc *doc)
{
	double feed = tune_mean_feed(&study->chosen);

	tune_doc_add(doc, TUNE_DOC_HEADING, "What limits");
	say_feed(study, doc);
	say_host(study, doc);
	say_times(study, doc);
	if (isfinite(feed) && tune_highest_speed(study) > 0)
		say_buffer(study, feed, doc);
	say_variation(study, doc);
	say_short(study, doc);
	if (feed < tune_lowest_speed(study))
		say_too_slow(study, feed, doc);
}
