/* save.c: writes the record of an acceptance run, its journal; see impl.h. */
#include <stdlib.h>
#include <string.h>

#include "reports/html/acceptance.h"
#include "reports/json/acceptance.h"
#include "sim/accept/impl.h"
#include "splitter/base/sentence.h"

int accept_save(const struct acceptance_run *r, char *err, size_t err_bytes)
{
	return report_acceptance_write(&r->record, r->config->out, err,
		   err_bytes) == 0
	    ? report_html_acceptance(&r->record, r->config->out, err, err_bytes)
	    : -1;
}

int accept_save_running(struct acceptance_run *r, char *err, size_t err_bytes)
{
	size_t count = r->record.cartridges_count;
	char **kept = calloc(count + 1, sizeof *kept), none[] = "";
	int rc;

	if (kept == NULL) {
		sentence(err, err_bytes, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		kept[i] = r->record.cartridges[i].change;
		r->record.cartridges[i].change = none;
	}
	rc = accept_save(r, err, err_bytes);
	for (size_t i = 0; i < count; i++)
		r->record.cartridges[i].change = kept[i];
	free(kept);
	return rc;
}

void accept_leave_open(struct acceptance_run *r, const char *test,
    const char *why)
{
	char text[ACCEPT_TEXT_BYTES];

	sentence(text, sizeof text, "%s%s%s", test != NULL ? test : "",
	    test != NULL ? ": " : "", why);
	acceptance_add_doubt(&r->record, text);
	if (strstr(r->elsewhere, why) == NULL)
		sentence_add(r->elsewhere, sizeof r->elsewhere, "; ", "%s",
		    why);
}

void accept_stop(struct acceptance_run *r, const char *why)
{
	if (!accept_is_stopped(r))
		acceptance_set(&r->record.stopped, why);
}

bool accept_is_stopped(const struct acceptance_run *r)
{
	return r->record.stopped != NULL && r->record.stopped[0] != '\0';
}
