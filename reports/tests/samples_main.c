/* samples_main.c DIR: writes the reports of all samples, for inspection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/write/write.h"
#include "reports/tests/samples.h"

static struct results_scenario *skipped(const char *name)
{
	struct results_scenario *s = sample_empty(name);

	s->status = RESULTS_SKIPPED;
	free(s->problem);
	s->problem = strdup("needs a drive: give one with --device");
	free(s->outcome);
	s->outcome = NULL;
	return s;
}

int main(int argc, char **argv)
{
	struct results results = { 0 };
	char err[512];
	int status;

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIR\n", argv[0]);
		return 2;
	}
	sample_add(&results, sample_four_volumes("four-volumes"));
	sample_add(&results, sample_many("many/parts-12", 12));
	sample_add(&results, sample_many("many/parts-300", 300));
	sample_add(&results, sample_instant("instant"));
	sample_add(&results, skipped("real/drive"));
	sample_add(&results, sample_empty("empty"));
	sample_add(&results, sample_hostile("hostile/a b'#?%&\"<\xff"));
	status = report_write(&results, argv[1], err, sizeof(err));
	if (status < 0)
		fprintf(stderr, "%s\n", err);
	results_free(&results);
	return status == 0 ? 0 : 1;
}
