/* fact.c: the parser of comparisons of facts; see fact.h. */
#include "sim/metrics/fact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/compare.h"
#include "splitter/base/text.h"
#include "splitter/base/units.h"

static const char blanks[] = " \t\r\n";
static const char ends[] = " \t\r\n=!<>~:";
static const char attempts[] = "attempts[";

enum { WORD_BYTES = 64 };

static const char *const subjects[] = { [FACT_FAULT] = "fault",
	[FACT_DRIVE] = "drive",
	[FACT_VOLUME] = "volume",
	NULL };

/* Copies the word at the parser, up to one of these bytes, without taking it. */
static size_t peek_word(const struct parser *parser, const char *until,
    char word[WORD_BYTES])
{
	size_t length = strcspn(parser->at, until);

	snprintf(word, WORD_BYTES, "%.*s",
	    (int)(length < WORD_BYTES ? length : WORD_BYTES - 1), parser->at);
	return length;
}

/* Returns the subject that the word is, or FACT_SUBJECTS. */
static enum fact_subject subject_of(const char *word)
{
	for (int i = 0; subjects[i] != NULL; i++)
		if (strcmp(subjects[i], word) == 0)
			return (enum fact_subject)i;
	return FACT_SUBJECTS;
}

/* Returns the fact of this subject with this name, or NULL. */
static const struct fact *find(enum fact_subject subject, unsigned of,
    const char *name)
{
	for (int i = 0; i < FACTS; i++) {
		const struct fact *fact = fact_of((enum fact_id)i);

		if (fact->subject == subject && (fact->of & of) != 0 &&
		    strcmp(fact->def.name, name) == 0)
			return fact;
	}
	return NULL;
}

bool fact_begins(const struct parser *parser, unsigned of)
{
	char word[WORD_BYTES];
	size_t length = peek_word(parser, ends, word);

	return (subject_of(word) != FACT_SUBJECTS &&
		   strspn(parser->at + length, blanks) > 0 &&
		   strchr("=!<>~:",
		       parser->at[length +
			   strspn(parser->at + length, blanks)]) == NULL) ||
	    strncmp(word, attempts, sizeof attempts - 1) == 0 ||
	    find(FACT_OF_ALL, of, word) != NULL;
}

/* Reports an unknown word, and a similar one. */
static int unknown(struct parser *parser, const char *what, const char *word,
    const char *const *words)
{
	struct text_quote quote;

	parser_fail(parser, "unknown %s %s", what, text_quote(&quote, word));
	text_suggest(parser->err, parser->err_bytes, word, words);
	return -1;
}

static int unknown_fact(struct parser *parser, enum fact_subject subject,
    unsigned of, const char *word)
{
	const char *names[FACTS + 1];
	size_t count = 0;

	for (int i = 0; i < FACTS; i++) {
		const struct fact *fact = fact_of((enum fact_id)i);

		if (fact->subject == subject && (fact->of & of) != 0)
			names[count++] = fact->def.name;
	}
	names[count] = NULL;
	return unknown(parser, "fact", word, names);
}

/* Parses the number of a subject, which counts from 0 in a library. */
static int take_number(struct parser *parser, const char *word, unsigned of,
    uint64_t *number)
{
	char reason[160];
	uint64_t least = (of & FACT_OF_RUN) != 0 ? 1 : 0;

	if (units_parse_count(word, least, UINT32_MAX, number, reason,
		sizeof reason) == 0)
		return 0;
	return parser_fail(parser, "give the number of the %s: %s",
	    (of & FACT_OF_RUN) != 0 ? "drive, fault or attempt"
				    : "drive or fault",
	    reason);
}

/* Takes "attempts[N]." */
static int take_attempt(struct parser *parser, uint64_t *number)
{
	char word[WORD_BYTES];
	size_t length;

	parser->at += sizeof attempts - 1;
	length = peek_word(parser, "] \t\r\n", word);
	if (take_number(parser, word, FACT_OF_RUN, number) != 0)
		return -1;
	parser->at += length;
	if (strncmp(parser->at, "].", 2) != 0)
		return parser_fail(parser,
		    "write \"].\" and a fact here, as in attempts[3].cause");
	parser->at += 2;
	return 0;
}

static int take_subject(struct parser *parser, unsigned of,
    enum fact_subject *subject, struct metrics_expect *expect)
{
	char word[WORD_BYTES];
	size_t length = peek_word(parser, ends, word);

	if ((of & FACT_OF_RUN) != 0 &&
	    strncmp(word, attempts, sizeof attempts - 1) == 0) {
		*subject = FACT_ATTEMPT;
		return take_attempt(parser, &expect->number);
	}
	*subject = find(FACT_OF_ALL, of, word) != NULL ? FACT_OF_ALL
						       : subject_of(word);
	if (*subject == FACT_OF_ALL)
		return 0;
	if (*subject == FACT_SUBJECTS)
		return length == 0
		    ? parser_fail(parser, "begin with fault, drive or volume")
		    : unknown(parser, "subject", word, subjects);
	parser->at += length;
	parser_skip_blanks(parser);
	length = peek_word(parser, blanks, word);
	if (*subject == FACT_VOLUME && length == 0)
		return parser_fail(parser, "name a volume by its barcode");
	if (*subject != FACT_VOLUME &&
	    take_number(parser, word, of, &expect->number) != 0)
		return -1;
	expect->subject = strdup(word);
	parser->at += length;
	parser_skip_blanks(parser);
	return expect->subject != NULL ? 0
				       : parser_fail(parser, "out of memory");
}

int fact_parse_comparison(struct parser *parser, unsigned of,
    struct metrics_expect *expect)
{
	char word[WORD_BYTES];
	enum fact_subject subject;
	const struct metrics_def *def;
	size_t column, length;

	parser_skip_blanks(parser);
	if (take_subject(parser, of, &subject, expect) != 0)
		return -1;
	length = peek_word(parser, ends, word);
	expect->fact = find(subject, of, word);
	if (expect->fact == NULL)
		return length == 0
		    ? parser_fail(parser, "the fact is missing here")
		    : unknown_fact(parser, subject, of, word);
	parser->at += length;
	parser_skip_blanks(parser);
	def = &expect->fact->def;
	expect->is_bare = *parser->at == '\0';
	if (expect->is_bare)
		return compare_is_quantity(def) || def->words != NULL
		    ? 0
		    : parser_fail(parser, "compare this fact with == or !=");
	if (compare_parse(parser->at, def, &expect->op, &expect->value,
		&expect->upper, &column, parser->err, parser->err_bytes) == 0)
		return 0;
	*parser->column = (size_t)(parser->at - parser->text) + column;
	return -1;
}

bool fact_holds(const struct metrics_expect *e,
    const struct metrics_value *found)
{
	const struct metrics_def *def = &e->fact->def;

	if (!e->is_bare)
		return compare_holds(def, e->op, &e->value, &e->upper, found);
	return found->defined &&
	    (compare_is_quantity(def) ? compare_quantity(def, found) > 0
				      : strcmp(found->text, "yes") == 0);
}
