/* plan_print.c: the plan of an acceptance run for a person; see plan.h. */
#include <string.h>

#include "reports/units.h"
#include "sim/accept/plan.h"
#include "splitter/base/later.h"
#include "splitter/base/sentence.h"
#include "vtl/base/media.h"
#include "vtl/model/model.h"

/* Whole wraps of both directions are in any two wraps and their neighbours. */
enum { WRAPS_FOR_BOTH = 3 };

/* Writes which share of a full cartridge passes the head. */
static const char *wear_text(char buf[UNITS_BYTES],
    const struct accept_plan *plan, const struct accept_test *t)
{
	if (plan->capacity.bytes == 0)
		return "-";
	return units_percent(buf,
	    100.0 * (double)(t->written_bytes + t->read_bytes) /
		(double)plan->capacity.bytes);
}

static void print_row(const struct accept_plan *plan, const char *name,
    const struct accept_test *t, FILE *to)
{
	char size[UNITS_BYTES], time[UNITS_BYTES], wear[UNITS_BYTES];

	fprintf(to, "%-24s %12s %12s %10s %6u\n", name,
	    units_time(time, (double)t->ns / 1e9),
	    units_size_decimal(size, t->written_bytes),
	    wear_text(wear, plan, t), t->loads);
}

static bool is_left_out(const struct accept_test *t, size_t cartridges)
{
	return t->scenario->volumes_count > cartridges;
}

/* Adds up the tests that are run. */
static struct accept_test sum_of(const struct accept_plan *plan,
    size_t cartridges)
{
	struct accept_test sum = { .ns = 0 };

	for (size_t i = 0; i < plan->count; i++) {
		const struct accept_test *t = &plan->tests[i];

		if (is_left_out(t, cartridges))
			continue;
		sum.ns = later_add(sum.ns, t->ns);
		sum.written_bytes += t->written_bytes;
		sum.read_bytes += t->read_bytes;
		sum.loads += t->loads;
	}
	return sum;
}

/* Returns the most that one step measures a rate with. */
static uint64_t longest_rate_bytes(const struct accept_plan *plan)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < plan->count; i++) {
		const struct scenario *s = plan->tests[i].scenario;

		for (size_t j = 0; j < s->steps_count; j++) {
			const struct scenario_step *step = &s->steps[j];

			if (step->does != STEP_MEASURE)
				continue;
			if (step->measures == MEASURE_ENDS)
				return plan->capacity.bytes;
			if (step->measures == MEASURE_RATE &&
			    step->size_bytes > bytes)
				bytes = step->size_bytes;
		}
	}
	return bytes;
}

/* Forward and reverse wraps can be told apart only if both are whole. */
bool accept_plan_lacks_wraps(const struct accept_plan *plan, char *why,
    size_t why_bytes)
{
	uint64_t bytes = longest_rate_bytes(plan);
	uint64_t wrap = plan->model != NULL
	    ? model_wrap_bytes(model_medium(plan->model, NULL))
	    : 0;
	char size[UNITS_BYTES], length[UNITS_BYTES];

	if (bytes == 0 || (wrap > 0 && bytes / wrap >= WRAPS_FOR_BOTH))
		return false;
	if (wrap == 0)
		sentence(why, why_bytes,
		    "the rates of forward and reverse wraps: the length of a "
		    "wrap is not known");
	else
		sentence(why, why_bytes,
		    "the rates of forward and reverse wraps: %s are less than "
		    "%d wraps of %s",
		    units_size_decimal(size, bytes), WRAPS_FOR_BOTH,
		    units_size_decimal(length, wrap));
	return true;
}

static void print_left_out(const struct accept_plan *plan, size_t cartridges,
    FILE *to)
{
	char wraps[256];

	for (size_t i = 0; i < plan->count; i++) {
		const struct accept_test *t = &plan->tests[i];

		if (is_left_out(t, cartridges))
			fprintf(to,
			    "Left out: %s: it needs %zu cartridges, and %zu "
			    "%s named.\n",
			    t->name, t->scenario->volumes_count, cartridges,
			    cartridges == 1 ? "was" : "were");
	}
	if (plan->others[0] != '\0')
		fprintf(to, "Left out: %s: only in longer runs.\n",
		    plan->others);
	if (plan->one_drive)
		fputs("Left out: reading on a second drive: none was named "
		      "(--second-device).\n",
		    to);
	if (accept_plan_lacks_wraps(plan, wraps, sizeof wraps))
		fprintf(to, "Left out: %s.\n", wraps);
}

/*
 * Prints the first load of each cartridge that may be new; adds their times, and
 * stores the longest that one may take.
 */
static void print_first_loads(const struct accept_plan *plan,
    const char *const *names, size_t cartridges, bool was_loaded, int64_t *ns,
    int64_t *most_ns, FILE *to)
{
	for (size_t i = was_loaded ? 1 : 0; i < cartridges; i++) {
		const struct media_type *type = media_find_type(NULL, names[i]);
		const struct model_medium *m;
		struct accept_test load = { .loads = 1 };
		char name[64];

		if (plan->model == NULL ||
		    (type != NULL &&
			model_use(plan->model, type) == MEDIA_NONE))
			continue;
		m = model_medium(plan->model, type);
		load.ns = m->first_load_mean_ns;
		if (load.ns == 0)
			continue;
		*most_ns = m->first_load_max_ns;
		snprintf(name, sizeof name, "first load, %s", names[i]);
		print_row(plan, name, &load, to);
		*ns = later_add(*ns, load.ns);
	}
}

void accept_plan_print(const struct accept_plan *plan, const char *const *names,
    size_t cartridges, bool was_loaded, FILE *to)
{
	struct accept_test sum = sum_of(plan, cartridges);
	int64_t first_load_ns = 0;
	char text[UNITS_BYTES];

	fprintf(to, "%-24s %12s %12s %10s %6s\n", "test", "about", "written",
	    "wear", "loads");
	print_first_loads(plan, names, cartridges, was_loaded, &sum.ns,
	    &first_load_ns, to);
	for (size_t i = 0; i < plan->count; i++)
		if (!is_left_out(&plan->tests[i], cartridges))
			print_row(plan, plan->tests[i].name, &plan->tests[i],
			    to);
	print_row(plan, "together", &sum, to);
	if (first_load_ns > 0)
		fprintf(to,
		    "First load: only of a cartridge that is new; the mean, and "
		    "%s at the most.\n",
		    units_time(text, (double)first_load_ns / 1e9));
	if (plan->capacity.bytes > 0)
		fprintf(to,
		    "Wear: bytes that pass the head, of one full cartridge "
		    "(%s, by %s).\n",
		    units_size_decimal(text, plan->capacity.bytes),
		    plan->capacity.from);
	fprintf(to, "The amounts are those for a drive of %s%s.\n",
	    units_rate(text, (double)accept_plan_rate(plan)),
	    plan->model != NULL ? "" : ", as its rate is not known");
	if (plan->block_max_bytes > 0)
		fprintf(to,
		    "Blocks have %s at most: drive and adapter take no longer "
		    "ones.\n",
		    units_size(text, plan->block_max_bytes));
	print_left_out(plan, cartridges, to);
}

static bool is_about(uint64_t bytes, uint64_t other)
{
	return (double)bytes > 0.9 * (double)other &&
	    (double)bytes < 1.1 * (double)other;
}

/* Returns whether a capacity was printed; if not, notes that it is. */
static bool was_printed(struct accept_plan *plan, uint64_t bytes)
{
	for (size_t i = 0; i < ACCEPT_PLAN_TYPES; i++) {
		if (is_about(bytes, plan->corrected_bytes[i]))
			return true;
		if (plan->corrected_bytes[i] == 0) {
			plan->corrected_bytes[i] = bytes;
			return false;
		}
	}
	return true;
}

void accept_plan_correct(struct accept_plan *plan, const char *name,
    size_t cartridges, uint64_t memory_bytes, FILE *to)
{
	uint64_t assumed = plan->capacity.bytes;
	char now[UNITS_BYTES], was[UNITS_BYTES], wear[UNITS_BYTES];
	struct accept_test sum;

	/* The first type is not printed again when it follows another one. */
	if (plan->corrected_bytes[0] == 0)
		plan->corrected_bytes[0] = assumed;
	if (memory_bytes == 0 || was_printed(plan, memory_bytes))
		return;
	units_size_decimal(was, plan->capacity.bytes);
	accept_plan_set_capacity(plan,
	    accept_plan_capacity(plan->model, memory_bytes, name));
	sum = sum_of(plan, cartridges);
	fprintf(to,
	    "Cartridge %s holds %s by its memory, %s%s: the wear of the run is "
	    "%s.\n",
	    name, units_size_decimal(now, memory_bytes),
	    assumed > 0 ? "and not " : "which was not known",
	    assumed > 0 ? was : "", wear_text(wear, plan, &sum));
}
