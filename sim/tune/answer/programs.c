/* programs.c: the settings as other programs write them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tune/answer/impl.h"
#include "sim/tune/program.h"
#include "sim/tune/answer/say.h"

/* Says which varied settings the program does not have. */
static void say_missing(const struct tune_study *study,
    const struct tune_program *program, struct tune_doc *doc)
{
	for (size_t i = 0; i < TUNE_AXES; i++)
		if (study->sweep.values[i].count > 0 &&
		    program->names[i] == NULL)
			tune_doc_add(doc, TUNE_DOC_ITEM,
			    "%s cannot be set in %s: %s.",
			    tune_axis_name((enum tune_axis)i), program->name,
			    program->instead[i]);
}

static bool lacks_something(const struct tune_study *study,
    const struct tune_program *program)
{
	for (size_t i = 0; i < TUNE_AXES; i++)
		if (study->sweep.values[i].count > 0 &&
		    program->names[i] == NULL && i != TUNE_COMPRESSION)
			return true;
	return false;
}

static void say_program(const struct tune_study *study, enum tune_program_id id,
    struct tune_doc *doc)
{
	const struct tune_program *program = tune_program_get(id);
	const struct tune_advice *advice = &study->advice[id];
	const struct tune_range *chosen = &study->chosen.of[TUNE_RATE];
	char rate[TUNE_SAY_BYTES], *text;

	if (!advice->found) {
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "%s: none of its settings is within the limits.",
		    program->name);
		return;
	}
	tune_say_rate(rate, advice->chosen.figures.of[TUNE_RATE],
	    chosen->deviation);
	tune_doc_add(doc, TUNE_DOC_TEXT, "%s (%s): %s%s.", program->name,
	    program->versions, rate,
	    lacks_something(study, program) ? ", with the settings that it has"
					    : "");
	say_missing(study, program, doc);
	text = tune_program_text(program, &advice->chosen.settings);
	if (text == NULL)
		doc->failed = true;
	else
		tune_doc_add(doc, TUNE_DOC_CODE, "%s", text);
	free(text);
	if (program->note != NULL)
		tune_doc_add(doc, TUNE_DOC_ITEM, "%s", program->note);
	if (study->sweep.values[TUNE_BLOCK].count > 1)
		tune_doc_add(doc, TUNE_DOC_ITEM, "%s", program->older);
}

void tune_answer_programs(const struct tune_study *study, struct tune_doc *doc)
{
	tune_doc_add(doc, TUNE_DOC_HEADING, "As other programs write it");
	if (study->sweep.values[TUNE_BLOCK].count > 1)
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "Before a block size is changed: volumes that were written "
		    "before keep theirs. Restore them with the old block size, "
		    "and append to none of them with the new one.");
	for (size_t id = 0; id < TUNE_PROGRAMS; id++)
		say_program(study, (enum tune_program_id)id, doc);
}
