/* profile.c: see profile.h. */
#include "sim/calibrate/files/profile.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "reports/units.h"

enum { VALUE_BYTES = 64 };

/* What the profile is written from. */
struct profile {
	FILE *out;
	const struct calibrate_config *config;
	const struct calibrate_result *result;
	const struct calibrate_about *about;
	struct model model;
};

void calibrate_format(char *text, size_t bytes, enum calibrate_unit unit,
    double value)
{
	char units[UNITS_BYTES];
	/* Below it are rounding errors of the arithmetic. */
	double least = unit == CALIBRATE_BYTES_PER_S ? 1
	    : unit == CALIBRATE_SHARE                ? 1e-6
						     : 1e-9;

	if (value < least)
		value = 0;
	switch (unit) {
	case CALIBRATE_SECONDS:
		snprintf(text, bytes, "%s", units_time(units, value));
		break;
	case CALIBRATE_BYTES:
		snprintf(text, bytes, "%s",
		    units_size_decimal(units, (uint64_t)llround(value)));
		break;
	case CALIBRATE_BYTES_PER_S:
		snprintf(text, bytes, "%s", units_rate(units, value));
		break;
	case CALIBRATE_SHARE:
		snprintf(text, bytes, "%s", units_percent(units, value * 100));
		break;
	case CALIBRATE_RULES:
		snprintf(text, bytes, "%s",
		    calibrate_rule_name((enum model_rule)value));
		break;
	case CALIBRATE_YES_NO:
		snprintf(text, bytes, "%s", value != 0 ? "yes" : "no");
		break;
	}
}

/* Writes a text between quotes. */
static void put_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
	fputc('"', out);
}

/*
 * Writes where a value is from: measured, or why it is not, and then how the
 * expected one was changed ("": not).
 */
static void put_source_changed(const struct profile *p,
    enum calibrate_constant which, const char *change)
{
	const struct calibrate_value *v = &p->result->of[which];
	char text[CALIBRATE_WHY_BYTES + 128], value[VALUE_BYTES];
	char spread[VALUE_BYTES];
	enum calibrate_unit unit = calibrate_unit_of(which);

	switch (v->found) {
	case CALIBRATE_FOUND:
		calibrate_format(value, sizeof value, unit, v->value);
		calibrate_format(spread, sizeof spread, unit, v->spread);
		if (unit == CALIBRATE_RULES || unit == CALIBRATE_YES_NO)
			snprintf(text, sizeof text, "measured, %zu samples%s%s",
			    v->samples, v->why[0] != '\0' ? "; " : "", v->why);
		else
			snprintf(text, sizeof text,
			    "measured: %s, spread %s (%s of %zu samples)",
			    value, spread, v->statistic, v->samples);
		break;
	case CALIBRATE_CANNOT:
		snprintf(text, sizeof text, "of %s; cannot be found: %s",
		    p->about->base_name, v->why);
		break;
	case CALIBRATE_NO_FIT:
		snprintf(text, sizeof text, "of %s; does not fit: %s",
		    p->about->base_name, v->why);
		break;
	default:
		snprintf(text, sizeof text, "of %s; not measured%s%s",
		    p->about->base_name, v->why[0] != '\0' ? ": " : "", v->why);
		break;
	}
	if (v->found != CALIBRATE_FOUND)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s",
		    change);
	fputs("source: ", p->out);
	put_quoted(p->out, text);
	if (v->found != CALIBRATE_FOUND)
		fputs(", estimate: true", p->out);
	fputs("}\n", p->out);
}

/* See set_wraps() of model.c. */
static void put_source(const struct profile *p, enum calibrate_constant which)
{
	bool in_wraps = which == CALIBRATE_CAPACITY &&
	    p->result->of[CALIBRATE_WRAP_BYTES].found == CALIBRATE_FOUND;

	put_source_changed(p, which,
	    in_wraps ? "; in whole wraps of the length that was measured" : "");
}

/* Writes a source for what no recipe measures. */
static void put_base(const struct profile *p)
{
	fputs("estimate: true, source: \"of ", p->out);
	fputs(p->about->base_name, p->out);
	fputs("; not measured\"}\n", p->out);
}

/* Rounds a time that was measured to five digits. */
static void put_time(const struct profile *p, const char *key,
    enum calibrate_constant which, int64_t ns)
{
	char text[UNITS_BYTES];

	if (p->result->of[which].found != CALIBRATE_FOUND || ns < 10000)
		units_time_exact(text, ns);
	else if (ns < 10000000)
		snprintf(text, sizeof text, "%.5g us", (double)ns / 1e3);
	else if (ns < INT64_C(1000000000))
		snprintf(text, sizeof text, "%.5g ms", (double)ns / 1e6);
	else
		snprintf(text, sizeof text, "%.*f s",
		    ns < INT64_C(100000000000) ? 3 : 2, (double)ns / 1e9);
	fprintf(p->out, "%s: {value: %s, ", key, text);
	put_source(p, which);
}

/* Rounds a rate to five digits. */
static void put_rate(const struct profile *p, uint64_t bytes_per_s)
{
	if (bytes_per_s < 1000000)
		fprintf(p->out, "%" PRIu64 " B/s", bytes_per_s);
	else
		fprintf(p->out, "%.*f MB/s", bytes_per_s < 100000000 ? 3 : 2,
		    (double)bytes_per_s / 1e6);
}

static void put_size(const struct profile *p, const char *key,
    enum calibrate_constant which, uint64_t bytes)
{
	char text[UNITS_BYTES];

	fprintf(p->out, "%s: {value: %s, ", key, units_size_exact(text, bytes));
	put_source(p, which);
}

static void put_share(const struct profile *p, const char *key,
    enum calibrate_constant which, uint32_t permille)
{
	fprintf(p->out, "%s: {value: %" PRIu32 ".%" PRIu32 "%%, ", key,
	    permille / 10, permille % 10);
	put_source(p, which);
}

static void put_head(const struct profile *p)
{
	const struct calibrate_about *a = p->about;
	char title[MODEL_TITLE_BYTES];

	fprintf(p->out,
	    "# Measured by tapelab calibrate%s.\n"
	    "# What was not measured is that of %s, and says why.\n",
	    a->virtual_drive ? ", on a VIRTUAL DRIVE" : "", a->base_name);
	fputs("name: measured\n", p->out);
	snprintf(title, sizeof title, "%.30s %.20s, measured",
	    a->product[0] != '\0' ? a->product : p->model.title, a->firmware);
	fputs("title: ", p->out);
	put_quoted(p->out, title);
	if (a->maker[0] != '\0') {
		snprintf(title, sizeof title, "%.30s", a->maker);
		fputs("\nmaker: ", p->out);
		put_quoted(p->out, title);
	}
	fputc('\n', p->out);
	if (p->model.density != 0) {
		fprintf(p->out, "density: {value: 0x%02x, ", p->model.density);
		put_base(p);
	}
	fprintf(p->out, "block_max: {value: %" PRIu64 " B, ",
	    p->model.block_max_bytes);
	put_base(p);
}

static void put_host(const struct profile *p)
{
	const struct model *m = &p->model;

	fputs("host:\n", p->out);
	put_time(p, "  command", CALIBRATE_COMMAND, m->command_ns);
	fputs("  bus: {value: ", p->out);
	put_rate(p,
	    m->bus_bytes_per_s > 0 ? m->bus_bytes_per_s
				   : UINT64_C(1000000000000));
	fputs(", ", p->out);
	put_source(p, CALIBRATE_BUS);
	fputs("buffer:\n", p->out);
	put_size(p, "  size", CALIBRATE_BUFFER_SIZE, m->buffer_bytes);
	put_share(p, "  restart", CALIBRATE_RESTART, m->restart_permille);
	put_time(p, "  write_delay", CALIBRATE_WRITE_DELAY, m->write_delay_ns);
}

static void put_motion(const struct profile *p)
{
	const struct model *m = &p->model;

	fprintf(p->out, "motion:\n  rule: {value: %s, ",
	    calibrate_rule_name(m->rule));
	put_source(p, CALIBRATE_RULE);
	put_time(p, "  backhitch", CALIBRATE_HITCH, m->hitch_ns);
	put_share(p, "  backhitch_at_standstill", CALIBRATE_HITCH_STANDSTILL,
	    m->hitch_permille);
	put_time(p, "  wrap_turn", CALIBRATE_TURN, m->turn_ns);
	put_time(p, "  window", CALIBRATE_WINDOW, m->window_ns);
	fprintf(p->out, "  forced_share: {value: %" PRIu32 ".%" PRIu32 "%%, ",
	    m->forced_permille / 10, m->forced_permille % 10);
	put_base(p);
	fprintf(p->out, "  sync_without_backhitch: {value: %s, ",
	    m->sync_without_hitch ? "true" : "false");
	put_source(p, CALIBRATE_SYNC_HITCH);
}

static void put_mount(const struct profile *p)
{
	static const char *const keys[] = { "    below_5GB", "    below_50GB",
		"    otherwise" };
	const struct model *m = &p->model;

	fputs("mount:\n", p->out);
	put_time(p, "  load", CALIBRATE_LOAD, m->load_ns);
	put_time(p, "  unload", CALIBRATE_UNLOAD, m->unload_ns);
	if (m->unload_rewind_ns[0] <= 0 || m->unload_rewind_ns[1] <= 0 ||
	    m->unload_rewind_ns[2] <= 0)
		return;
	fputs("  unload_rewind:\n", p->out);
	for (int i = 0; i < 3; i++)
		put_time(p, keys[i], CALIBRATE_UNLOAD_REWIND_FEW + i,
		    m->unload_rewind_ns[i]);
}

static void put_locate(const struct profile *p)
{
	const struct model_medium *d = &p->model.media[0];

	fputs("locate:\n", p->out);
	put_time(p, "  start", CALIBRATE_LOCATE_START, d->locate_start_ns);
	put_time(p, "  wrap_change", CALIBRATE_LOCATE_WRAP, d->locate_wrap_ns);
	put_time(p, "  band_change", CALIBRATE_LOCATE_BAND, d->locate_band_ns);
	put_time(p, "  direction_change", CALIBRATE_LOCATE_TURN,
	    d->locate_turn_ns);
	fprintf(p->out,
	    "compression:\n  ratio: {value: %" PRIu32 ".%03" PRIu32 ":1, ",
	    p->model.ratio_permille / 1000, p->model.ratio_permille % 1000);
	put_base(p);
	fprintf(p->out, "  ratio_max: {value: %" PRIu32 ".%03" PRIu32 ":1, ",
	    p->model.ratio_max_permille / 1000,
	    p->model.ratio_max_permille % 1000);
	put_base(p);
}

static void put_speeds(const struct profile *p, const struct model_medium *d)
{
	const struct calibrate_result *r = p->result;
	double spread = 0;

	fputs("    speeds: {value: [", p->out);
	for (size_t i = 0; i < d->speeds; i++) {
		fputs(i > 0 ? ", " : "", p->out);
		put_rate(p, d->speeds_bytes_per_s[i]);
	}
	fputs("], ", p->out);
	if (r->speeds_count == 0) {
		/* See set_speeds() of model.c. */
		put_source_changed(p, CALIBRATE_RULE,
		    r->of[CALIBRATE_TOP_SPEED].found == CALIBRATE_FOUND
			? "; the highest is that which was measured"
			: "");
		return;
	}
	for (size_t i = 0; i < r->speeds_count; i++)
		spread = fmax(spread, r->speeds_spread[i] / r->speeds[i]);
	fprintf(p->out,
	    "source: \"measured, by %zu feeds: speeds that are closer than "
	    "1.8 %% are one; spread at most %.2f %% (half the range)\"}\n",
	    r->of[CALIBRATE_RULE].samples, spread * 100);
}

/* Returns what medium.c of vtl/model makes the time along the tape from. */
static int64_t locate_average_ns(const struct model_medium *m)
{
	int64_t wraps = m->wraps, bands = m->bands;

	return m->locate_start_ns + m->locate_wrap_ns / wraps * (wraps - 1) +
	    m->locate_band_ns / bands * (bands - 1) +
	    m->locate_turn_ns / wraps * (wraps / 2) + m->locate_length_ns / 2;
}

static void put_medium(const struct profile *p)
{
	const struct model_medium *d = &p->model.media[0];
	char text[UNITS_BYTES];

	fprintf(p->out, "media:\n  %s:\n", d->medium);
	put_size(p, "    capacity", CALIBRATE_CAPACITY, d->capacity_bytes);
	put_speeds(p, d);
	fprintf(p->out, "    wraps: {value: %" PRIu32 ", ", d->wraps);
	put_source(p, CALIBRATE_WRAP_BYTES);
	fprintf(p->out, "    bands: {value: %" PRIu32 ", ", d->bands);
	put_base(p);
	if (d->length_mm > 0) {
		fprintf(p->out, "    length: {value: %" PRIu32 " m, ",
		    d->length_mm / 1000);
		put_base(p);
	}
	put_size(p, "    early_warning", CALIBRATE_EARLY_WARNING,
	    d->early_warning_bytes);
	put_time(p, "    rewind", CALIBRATE_REWIND, d->rewind_ns);
	put_time(p, "    locate_average", CALIBRATE_LOCATE_LENGTH,
	    locate_average_ns(d));
	if (d->first_load_mean_ns <= 0)
		return;
	fprintf(p->out, "    first_load:\n      mean: {value: %s, ",
	    units_time_exact(text, d->first_load_mean_ns));
	put_base(p);
	fprintf(p->out, "      most: {value: %s, ",
	    units_time_exact(text, d->first_load_most_ns));
	put_base(p);
	fprintf(p->out, "      max: {value: %s, ",
	    units_time_exact(text, d->first_load_max_ns));
	put_base(p);
}

void calibrate_profile_write(FILE *out, const struct calibrate_config *config,
    const struct calibrate_result *result, const struct calibrate_about *about)
{
	const struct profile p = { out, config, result, about,
		calibrate_model(config, result) };

	put_head(&p);
	put_host(&p);
	put_motion(&p);
	put_mount(&p);
	put_locate(&p);
	put_medium(&p);
}

static void put_fact(FILE *out, const char *key, const char *value)
{
	if (value[0] == '\0')
		return;
	fprintf(out, " %s=", key);
	for (; *value != '\0'; value++)
		fputc(isalnum((unsigned char)*value) ||
			    strchr(".-+_/:", *value) != NULL
			? *value
			: '_',
		    out);
}

void calibrate_facts_write(FILE *out, const struct calibrate_config *config,
    const struct calibrate_result *r, const struct calibrate_about *about)
{
	char value[VALUE_BYTES];

	fputs("tapelab-drive-facts", out);
	put_fact(out, "tapelab", about->version);
	put_fact(out, "virtual", about->virtual_drive ? "yes" : "no");
	put_fact(out, "maker", about->maker);
	put_fact(out, "product", about->product);
	put_fact(out, "firmware", about->firmware);
	put_fact(out, "medium", config->medium->medium);
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++) {
		const struct calibrate_value *v = &r->of[i];

		if (v->found == CALIBRATE_NO_FIT) {
			put_fact(out, calibrate_key(i), "does_not_fit");
			continue;
		}
		if (v->found != CALIBRATE_FOUND)
			continue;
		if (calibrate_unit_of(i) == CALIBRATE_RULES)
			calibrate_format(value, sizeof value, CALIBRATE_RULES,
			    v->value);
		else
			snprintf(value, sizeof value, "%.6g", v->value);
		put_fact(out, calibrate_key(i), value);
	}
	for (size_t i = 0; i < r->speeds_count; i++)
		fprintf(out, "%s%.6g", i == 0 ? " speeds=" : ",", r->speeds[i]);
	if (r->forward_bytes_per_s > 0)
		fprintf(out, " forward=%.6g", r->forward_bytes_per_s);
	if (r->reverse_bytes_per_s > 0)
		fprintf(out, " reverse=%.6g", r->reverse_bytes_per_s);
	fputc('\n', out);
}
