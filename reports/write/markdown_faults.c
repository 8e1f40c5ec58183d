/* markdown_faults.c: faults, steps and warnings as tables of Markdown. */
#include <inttypes.h>

#include "reports/strike.h"
#include "reports/text.h"
#include "reports/units.h"
#include "reports/words.h"
#include "reports/write/markdown.h"

/* Writes where a fault struck, in one cell. */
static void put_places(FILE *out, const struct results_scenario *s,
    const struct results_fault *f)
{
	char text[STRIKE_BYTES];

	for (size_t i = 0; i < f->places_count; i++) {
		if (i > 0)
			fputs("<br>", out);
		report_text_markdown(out,
		    report_strike_text(text, s, &f->places[i]));
	}
	if (f->strikes > f->places_count && f->places_count > 0)
		fprintf(out, "<br>and %" PRIu64 " more",
		    f->strikes - f->places_count);
}

static void put_faults(FILE *out, const struct results_scenario *s)
{
	if (s->faults_count == 0)
		return;
	fputs("### Faults\n\n"
	      "| line | fault | strikes | where |\n"
	      "| ---: | --- | ---: | --- |\n",
	    out);
	for (size_t i = 0; i < s->faults_count; i++) {
		const struct results_fault *f = &s->faults[i];
		const char *loud = results_fault_is_right(f) ? "" : "**";

		fprintf(out, "| %d | ", f->line);
		report_text_markdown_code(out, f->text);
		fprintf(out, " | %s%" PRIu64 "%s | ", loud, f->strikes, loud);
		put_places(out, s, f);
		fputs(" |\n", out);
	}
	fputc('\n', out);
}

static void put_steps(FILE *out, const struct results_scenario *s)
{
	char time[UNITS_BYTES];

	if (s->steps_count == 0)
		return;
	fputs("### Steps\n\n"
	      "| step | line | what | result | reason | begun | expectations "
	      "|\n| ---: | ---: | --- | --- | --- | ---: | --- |\n",
	    out);
	for (size_t i = 0; i < s->steps_count; i++) {
		const struct results_step *step = &s->steps[i];
		bool failed = step->status == RESULTS_FAILED;

		fprintf(out, "| %zu | %d | ", i + 1, step->line);
		report_text_markdown(out, step->title);
		fputs(" | ", out);
		report_text_markdown(out,
		    step->reached ? step->result : "not reached");
		fputs(" | ", out);
		report_text_markdown(out, step->reason);
		fprintf(out, " | %s | %s |\n",
		    step->reached
			? units_time(time, (double)step->begun_ns / 1e9)
			: "",
		    failed ? "**not met**" : "met");
	}
	fputc('\n', out);
}

static void put_warnings(FILE *out, const struct results_scenario *s)
{
	char time[UNITS_BYTES];
	bool some = false;

	for (size_t i = 0; i < s->dumps_count; i++)
		for (size_t j = 0; j < s->dumps[i].warnings_count; j++) {
			const struct results_warning *w =
			    &s->dumps[i].warnings[j];

			fprintf(out, "%s- %s: ", some ? "" : "### Warnings\n\n",
			    units_time(time, (double)w->at_ns / 1e9));
			report_text_markdown(out, w->text);
			fputc('\n', out);
			some = true;
		}
	if (some)
		fputc('\n', out);
}

void report_markdown_faults(FILE *out, const struct results_scenario *s)
{
	put_faults(out, s);
	put_steps(out, s);
	put_warnings(out, s);
}
