/* records.c: the records of a sweep, by their tasks; journal.h. */
#include <search.h>
#include <stdlib.h>

#include "sim/tune/points/journal.h"

static int compare(const void *a, const void *b)
{
	const struct tune_record *x = a, *y = b;

	return tune_task_compare(&x->task, &y->task);
}

static void free_record(void *record)
{
	free(((struct tune_record *)record)->problem);
	free(record);
}

int tune_records_add(struct tune_records *records, struct tune_record *record)
{
	struct tune_record *own = malloc(sizeof *own);
	void **place = NULL;

	if (own != NULL) {
		*own = *record;
		place = tsearch(own, &records->root, compare);
	}
	if (place == NULL) {
		free(own);
		free(record->problem);
		record->problem = NULL;
		return -1;
	}
	if (*place == own)
		records->count++;
	else
		free_record(own);
	return 0;
}

const struct tune_record *tune_records_get(const struct tune_records *records,
    const struct tune_task *task)
{
	const struct tune_record key = { .task = *task };
	void *const *place = tfind(&key, &records->root, compare);

	return place != NULL ? *place : NULL;
}

void tune_records_clear(struct tune_records *records)
{
	tdestroy(records->root, free_record);
	*records = (struct tune_records){ .root = NULL };
}
