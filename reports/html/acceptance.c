/* acceptance.c: see acceptance.h. */
#include "reports/html/acceptance.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/output.h"
#include "reports/text.h"
#include "reports/units.h"

enum {
	/* Lines of rows that a sheet of letter paper has room for. */
	LINES_ON_A_SHEET = 44,
	/* The same on the last sheet, with the place to sign. */
	LINES_WITH_SIGNATURE = 34,
	/* Values of earlier runs take a line for this many characters. */
	EARLIER_CHARACTERS = 30,
	/* Of the reasons of a verdict. */
	VERDICT_BYTES = 1200,
	CORRECTED_BYTES = 64
};

static const char style[] =
    "@page { margin: 11mm 12mm; }\n"
    "* { box-sizing: border-box; }\n"
    "body { font: 8.5pt/1.3 sans-serif; color: #000; background: #fff;\n"
    "  margin: 0 auto; max-width: 190mm; padding: 0 8px; }\n"
    ".sheet { break-after: page; padding: 0 0 4mm; }\n"
    ".sheet:last-of-type { break-after: auto; }\n"
    ".head { display: flex; flex-wrap: wrap; gap: 0 1.5em;\n"
    "  justify-content: space-between; border-bottom: 1px solid #000;\n"
    "  margin: 0 0 2mm; padding: 1mm 0; }\n"
    "h1 { font-size: 14pt; margin: 1mm 0; }\n"
    "h2 { font-size: 10.5pt; margin: 3mm 0 1mm; }\n"
    "h3 { font-size: 8.5pt; margin: 1mm 0 0; }\n"
    ".verdict { border: 2px solid #000; padding: 1.5mm 2mm; margin: 1mm 0;\n"
    "  font-weight: bold; font-size: 10.5pt; overflow-wrap: anywhere; }\n"
    ".facts { columns: 2; column-gap: 6mm; }\n"
    ".facts div { display: flex; gap: 2mm; break-inside: avoid; }\n"
    ".facts section:not(:last-child) { break-inside: avoid; }\n"
    ".facts h3 { break-after: avoid; border-bottom: 1px solid #000; }\n"
    ".facts span { flex: 0 0 38%; }\n"
    ".facts b { font-weight: normal; overflow-wrap: anywhere; }\n"
    ".facts i { font-style: normal; white-space: nowrap; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: left; vertical-align: top; padding: 0.3mm 1mm;\n"
    "  border-bottom: 1px solid #888; overflow-wrap: anywhere; }\n"
    "th { border-bottom: 1px solid #000; }\n"
    "td.n, th.n { text-align: right; white-space: nowrap; }\n"
    "td.w { white-space: nowrap; overflow-wrap: normal; }\n"
    "td.e { white-space: normal; }\n"
    ".rows td:first-child { min-width: 38mm; }\n"
    ".rows td:nth-last-child(2) { min-width: 28mm; }\n"
    ".how th:nth-child(4) { width: 32mm; white-space: normal; }\n"
    "th, td.n, td.w { overflow-wrap: normal; }\n"
    "td.bad { font-weight: bold; }\n"
    ".hash { font-family: monospace; overflow-wrap: anywhere; }\n"
    ".sign { display: flex; gap: 8mm; margin: 9mm 0 0; }\n"
    ".sign div { flex: 1; border-top: 1px solid #000; padding-top: 1mm; }\n"
    "p { margin: 1mm 0; }\n"
    "@media (max-width: 600px) { .facts { columns: 1; }\n"
    "  .rows td:first-child, .rows td:nth-last-child(2)\n"
    "    { min-width: 17mm; }\n"
    "  .sign { flex-direction: column; }\n"
    "  body { font-size: 7.5pt; }\n"
    "  td.w, td.n, th.n { white-space: normal; }\n"
    "  .how td.n, .how td.w { white-space: nowrap; } }\n";

struct paper {
	FILE *out;
	const struct acceptance *record;
	size_t sheet, sheets;
};

static const char *text_of(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : "not known";
}

static void put(const struct paper *p, const char *tag, const char *text)
{
	fprintf(p->out, "<%s>", tag);
	report_text_html(p->out, text);
	fprintf(p->out, "</%.*s>", (int)(strcspn(tag, " ")), tag);
}

/* Returns whether a text is longer than "". */
static bool has(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* Writes a value.  A line does not end within an option of a command. */
static void put_value(const struct paper *p, const char *text)
{
	size_t bytes;

	fputs("<b>", p->out);
	for (; *text != '\0'; text += bytes) {
		char *word;

		bytes = strcspn(text, " ");
		bytes += bytes == 0;
		word = strndup(text, bytes);
		if (word == NULL)
			break;
		if (word[0] == '-')
			put(p, "i", word);
		else
			report_text_html(p->out, word);
		free(word);
	}
	fputs("</b>", p->out);
}

/* Begins a sheet: what each of them shows at its top. */
static void begin_sheet(struct paper *p)
{
	const struct acceptance *a = p->record;

	p->sheet++;
	fputs("<div class=\"sheet\">\n<div class=\"head\"><span>Acceptance of ",
	    p->out);
	report_text_html(p->out, text_of(a->vendor));
	fputc(' ', p->out);
	report_text_html(p->out, text_of(a->product));
	fputs("</span><span>Drive serial number ", p->out);
	report_text_html(p->out, text_of(a->serial));
	fprintf(p->out, "</span><span>Page %zu of %zu</span></div>\n", p->sheet,
	    p->sheets);
}

static void end_sheet(const struct paper *p)
{
	fputs("</div>\n", p->out);
}

static void write_facts(const struct paper *p)
{
	static const char *const heads[ACCEPTANCE_SUBJECTS] = {
		[ACCEPTANCE_OF_DRIVE] = "Drive",
		[ACCEPTANCE_OF_CARTRIDGE] = "Cartridges",
		[ACCEPTANCE_OF_HOST] = "Host and run",
	};
	const struct acceptance *a = p->record;

	put(p, "h2", "What");
	fputs("<div class=\"facts\">\n", p->out);
	for (int subject = 0; subject < ACCEPTANCE_SUBJECTS; subject++) {
		fputs("<section>", p->out);
		put(p, "h3", heads[subject]);
		fputc('\n', p->out);
		for (size_t i = 0; i < a->facts_count; i++) {
			if ((int)a->facts[i].subject != subject)
				continue;
			fputs("<div>", p->out);
			put(p, "span", a->facts[i].name);
			put_value(p, text_of(a->facts[i].value));
			fputs("</div>\n", p->out);
		}
		fputs("</section>\n", p->out);
	}
	fputs("</div>\n", p->out);
}

static void cell(const struct paper *p, const char *look, const char *text)
{
	char tag[32];

	snprintf(tag, sizeof tag, "td class=\"%s\"", look);
	put(p, tag, text);
}

static const char *result_of(const struct acceptance_test *t)
{
	return t->state == ACCEPTANCE_TEST_DONE
	    ? acceptance_judgement_word(t->result)
	    : acceptance_state_word(t->state);
}

/*
 * Writes the errors that the drive has corrected during a test: log pages 02h
 * and 03h, parameter 0003h (SPC-4).
 */
static const char *corrected_text(char buf[CORRECTED_BYTES],
    const struct acceptance *a, const struct acceptance_test *t)
{
	const struct acceptance_difference *written =
					       acceptance_find_difference(a,
						   t->name, 0x02, 0x0003),
					   *read = acceptance_find_difference(a,
					       t->name, 0x03, 0x0003);
	char *end = buf;

	if (written == NULL && read == NULL)
		return "-";
	if (written != NULL)
		end += snprintf(end, 24, "%" PRIu64, written->value);
	else
		*end++ = '-';
	if (read != NULL)
		snprintf(end, 24, ", %" PRIu64, read->value);
	else
		strcpy(end, ", -");
	return buf;
}

static void write_tests(const struct paper *p)
{
	const struct acceptance *a = p->record;
	char size[UNITS_BYTES], time[UNITS_BYTES], corrected[CORRECTED_BYTES];

	put(p, "h2", "How");
	fputs(
	    "<table class=\"how\"><thead><tr><th>Test</th><th class=\"n\">Written</th>"
	    "<th class=\"n\">Duration</th><th class=\"n\">Corrected write, "
	    "read errors</th><th>Result</th></tr></thead><tbody>\n",
	    p->out);
	for (size_t i = 0; i < a->tests_count; i++) {
		const struct acceptance_test *t = &a->tests[i];
		bool done = t->state == ACCEPTANCE_TEST_DONE;

		fputs("<tr><td>", p->out);
		report_text_html(p->out, t->title);
		if (t->second)
			fputs(" (again on another cartridge)", p->out);
		if (t->attempts > (t->second ? 2 : 1))
			fputs(" (begun again after an interruption)", p->out);
		if (has(t->why)) {
			fputs(": ", p->out);
			report_text_html(p->out, t->why);
		}
		fputs("</td>", p->out);
		cell(p, "n", done ? units_size_decimal(size, t->bytes) : "-");
		cell(p, "n",
		    done ? units_time(time, (double)t->ns / 1e9) : "-");
		cell(p, "n", corrected_text(corrected, a, t));
		cell(p, done && t->result == ACCEPTANCE_MET ? "w" : "w bad",
		    result_of(t));
		fputs("</tr>\n", p->out);
	}
	fputs("</tbody></table>\n", p->out);
}

/* Returns whether another test has measured a value of this name, too. */
static bool is_of_several(const struct acceptance *a,
    const struct acceptance_row *row)
{
	for (size_t i = 0; i < a->rows_count; i++)
		if (strcmp(a->rows[i].what, row->what) == 0 &&
		    strcmp(a->rows[i].test, row->test) != 0)
			return true;
	return false;
}

static bool has_earlier(const struct acceptance *a)
{
	for (size_t i = 0; i < a->rows_count; i++)
		if (has(a->rows[i].earlier))
			return true;
	return false;
}

/* Writes a value.  Its test is named if that tells it from another one. */
static void write_row(const struct paper *p, const struct acceptance_row *r,
    bool earlier)
{
	fputs("<tr><td>", p->out);
	report_text_html(p->out, r->what);
	if (has(r->test) && is_of_several(p->record, r)) {
		fputs(" (", p->out);
		report_text_html(p->out, r->test);
		fputc(')', p->out);
	}
	fputs("</td>", p->out);
	cell(p, "n", text_of(r->value));
	if (earlier)
		cell(p, "n e", has(r->earlier) ? r->earlier : "-");
	cell(p, "n", has(r->limit) ? r->limit : "none");
	cell(p, "", has(r->why) ? r->why : r->source);
	cell(p, r->judgement == ACCEPTANCE_NOT_MET ? "w bad" : "w",
	    acceptance_judgement_word(r->judgement));
	fputs("</tr>\n", p->out);
}

/* Returns how many lines a row has, about: that of its longest cell. */
static size_t lines_of(const struct acceptance_row *r)
{
	size_t earlier = has(r->earlier) ? strlen(r->earlier) : 0;

	return 1 + earlier / EARLIER_CHARACTERS;
}

/* Returns the first row that has no room after `first`; at least one has. */
static size_t end_of_sheet(const struct acceptance *a, size_t first,
    size_t most)
{
	size_t lines = 0, i = first;

	while (i < a->rows_count &&
	    (i == first || lines + lines_of(&a->rows[i]) <= most))
		lines += lines_of(&a->rows[i++]);
	return i;
}

/* Writes the values from `first` to the one before `end`. */
static void write_rows(const struct paper *p, size_t first, size_t end)
{
	const struct acceptance *a = p->record;
	bool earlier = has_earlier(a);

	put(p, "h2", first == 0 ? "Against what" : "Against what (continued)");
	fprintf(p->out,
	    "<table class=\"rows\"><thead><tr><th>Value</th><th class=\"n\">Measured</th>%s"
	    "<th class=\"n\">Limit</th><th>Source of the limit</th>"
	    "<th>Judgement</th></tr></thead><tbody>\n",
	    earlier ? "<th class=\"n\">Earlier runs</th>" : "");
	for (size_t i = first; i < end; i++)
		write_row(p, &a->rows[i], earlier);
	fputs("</tbody></table>\n", p->out);
}

static void write_evidence(const struct paper *p)
{
	const struct acceptance *a = p->record;

	put(p, "h2", "Evidence");
	if (has(a->sha256)) {
		fputs("<p>All log pages and medium attributes before and after "
		      "each test, and the sense data of every CHECK CONDITION, "
		      "are in the file ",
		    p->out);
		report_text_html(p->out, a->evidence);
		fputs(".  SHA-256 of this file:</p>\n<p class=\"hash\">",
		    p->out);
		report_text_html(p->out, a->sha256);
		fputs("</p>\n", p->out);
	} else {
		fputs("<p>The run is not finished: the file of the evidence is "
		      "not closed.</p>\n",
		    p->out);
	}
	fputs("<div class=\"sign\"><div>Place, date</div><div>Name</div>"
	      "<div>Signature</div></div>\n",
	    p->out);
}

/* Cuts a verdict of very many reasons, so that the sheet has room for it. */
static void shorten(char *line)
{
	static const char more[] = "; more in acceptance.json";
	size_t at = VERDICT_BYTES;

	if (strlen(line) <= VERDICT_BYTES + sizeof more)
		return;
	while (at > 0 && strncmp(line + at, "; ", 2) != 0)
		at--;
	/* One reason that is too long: it begins with ASCII in any case. */
	if (at == 0)
		for (at = VERDICT_BYTES;
		     ((unsigned char)line[at] & 0xc0) == 0x80; at--)
			;
	memcpy(line + at, more, sizeof more);
}

static void write_verdict(const struct paper *p)
{
	char *line = acceptance_verdict_line(p->record);

	if (line != NULL)
		shorten(line);
	put(p, "h1", "Acceptance of a tape drive");
	put(p, "p class=\"verdict\"", line != NULL ? line : "out of memory");
	fputc('\n', p->out);
	free(line);
}

/* Returns how many sheets the values need, with the place to sign. */
static size_t sheets_of(const struct acceptance *a)
{
	size_t sheets = 1, next = 0;

	while (end_of_sheet(a, next, LINES_WITH_SIGNATURE) < a->rows_count) {
		next = end_of_sheet(a, next, LINES_ON_A_SHEET);
		sheets++;
	}
	return sheets;
}

static void write_page(struct paper *p)
{
	const struct acceptance *a = p->record;
	size_t next = 0, end;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	      "content=\"width=device-width, initial-scale=1\">\n<title>"
	      "Acceptance ",
	    p->out);
	report_text_html(p->out, text_of(a->serial));
	fputs("</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n",
	    p->out);
	fputs(style, p->out);
	fputs("</style>\n</head>\n<body>\n", p->out);
	p->sheets = 1 + sheets_of(a);
	begin_sheet(p);
	write_verdict(p);
	write_facts(p);
	write_tests(p);
	end_sheet(p);
	while (p->sheet < p->sheets) {
		begin_sheet(p);
		end = end_of_sheet(a, next, LINES_ON_A_SHEET);
		write_rows(p, next, end);
		next = end;
		if (p->sheet == p->sheets)
			write_evidence(p);
		end_sheet(p);
	}
	fputs("</body>\n</html>\n", p->out);
}

int report_html_acceptance(const struct acceptance *a, const char *dir,
    char *err, size_t err_bytes)
{
	struct output output;
	struct paper p = { .record = a };

	if (report_output_open(&output, err, err_bytes) != 0)
		return -1;
	p.out = output.text;
	write_page(&p);
	return report_output_commit(&output, dir, "acceptance.html", err,
	    err_bytes);
}
