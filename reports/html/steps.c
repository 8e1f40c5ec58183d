/* steps.c: the steps of a scenario, in order, with the dumps they wrote. */
#include "reports/html/impl.h"

#include "reports/text.h"
#include "reports/words.h"

enum { MESSAGES_MAX = 30, DUMPS_MAX = 8 };

static void put_row(const struct html *html, size_t i)
{
	const struct results_step *step = &html->scenario->steps[i];
	FILE *out = html->out;
	char text[UNITS_BYTES];

	fprintf(out, "<tr%s><th scope=\"row\">%zu</th>",
	    step->status == RESULTS_FAILED ? " class=\"failed\"" : "", i + 1);
	fputs("<td>", out);
	report_html_badge(out, step->status);
	fprintf(out, "</td><td><a href=\"#s%zu-step%zu\">", html->id, i + 1);
	report_html_name(out, step->title);
	fputs("</a></td>", out);
	report_html_cell(out, "",
	    step->reached ? report_words_or_empty(step->result)
			  : "not reached");
	report_html_cell(out, "num",
	    step->reached ? units_time(text, (double)step->begun_ns / 1e9)
			  : "");
	report_html_cell(out, "num",
	    step->reached ? units_time(text,
				(double)(step->ended_ns - step->begun_ns) / 1e9)
			  : "");
	fprintf(out, "<td class=\"num\">%d</td></tr>\n", step->line);
}

static void put_table(const struct html *html)
{
	FILE *out = html->out;

	fprintf(out,
	    "<h3>Steps <small>%zu</small></h3>\n"
	    "<div class=\"wide\"><table>\n<thead><tr>"
	    "<th scope=\"col\">Step</th><th scope=\"col\">Test</th>"
	    "<th scope=\"col\">What</th><th scope=\"col\">Result</th>"
	    "<th scope=\"col\" class=\"num\">Begun</th>"
	    "<th scope=\"col\" class=\"num\">Duration</th>"
	    "<th scope=\"col\" class=\"num\">Line</th></tr></thead>\n<tbody>\n",
	    html->scenario->steps_count);
	for (size_t i = 0; i < html->scenario->steps_count; i++)
		put_row(html, i);
	fputs("</tbody>\n</table></div>\n", out);
}

static void put_messages(FILE *out, const struct results_step *step)
{
	if (step->messages_count == 0)
		return;
	fprintf(out,
	    "<details%s>\n<summary>Messages <small>%zu</small></summary>\n"
	    "<pre>",
	    step->status == RESULTS_FAILED ? " open" : "",
	    step->messages_count);
	for (size_t i = 0; i < step->messages_count; i++) {
		if (i == MESSAGES_MAX) {
			fprintf(out, "and %zu more\n",
			    step->messages_count - i);
			break;
		}
		report_text_html(out, step->messages[i].text);
		fputc('\n', out);
	}
	fputs("</pre>\n</details>\n", out);
}

static void put_step(const struct html *html, size_t i,
    const struct gnuplot_plot *plots)
{
	const struct results_step *step = &html->scenario->steps[i];
	FILE *out = html->out;
	size_t dumps = step->dumps_count;

	fprintf(out,
	    "<div class=\"dump\" id=\"s%zu-step%zu\">\n"
	    "<h3 class=\"first\">Step %zu: ",
	    html->id, i + 1, i + 1);
	report_html_name(out, step->title);
	fputc(' ', out);
	report_html_badge(out, step->status);
	fputs("</h3>\n", out);
	if (*report_words_or_empty(step->reason) != '\0') {
		fputs("<p>", out);
		report_html_name(out, step->result);
		fputs(": ", out);
		report_html_name(out, step->reason);
		fputs("</p>\n", out);
	}
	report_html_expectations(html, step->expectations,
	    step->expectations_count);
	put_messages(out, step);
	report_html_metrics(html, step->metrics, step->metrics_count);
	for (size_t j = 0; j < dumps && j < DUMPS_MAX; j++)
		report_html_dump(html,
		    &html->scenario->dumps[step->first_dump + j],
		    &plots[step->first_dump + j]);
	fputs("</div>\n", out);
}

void report_html_steps(const struct html *html,
    const struct gnuplot_plot *plots)
{
	put_table(html);
	for (size_t i = 0; i < html->scenario->steps_count; i++)
		if (html->scenario->steps[i].reached)
			put_step(html, i, plots);
}
