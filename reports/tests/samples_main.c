/* samples_main.c DIR: writes the reports of all samples, for inspection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html/acceptance.h"
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

static void add_corrected(struct acceptance *a, uint64_t page)
{
	struct acceptance_difference *d =
	    acceptance_add_difference(a, "20_write", "Corrected errors");

	d->page = page;
	d->code = 0x0003;
	d->value = 1234567;
}

/* Writes the paper of an acceptance run with long texts. */
static int write_paper(const char *dir, char *err, size_t err_bytes)
{
	static const char *const names[] = { "Serial number", "Firmware",
		"Name" };
	struct acceptance a = { .seed = 1 };
	struct acceptance_test *test;
	struct acceptance_row *row;
	int rc;

	acceptance_set(&a.vendor, "IBM");
	acceptance_set(&a.product, "ULTRIUM-HH8");
	acceptance_set(&a.serial, "10WT012345");
	acceptance_set(&a.sha256,
	    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	acceptance_set(&a.evidence, "evidence.json");
	acceptance_add_fault(&a,
	    "50_rate: Write rate, reverse wraps 201.8 MB/s, limit >= 328.5 "
	    "MB/s");
	acceptance_add_doubt(&a, "cleaning is due");
	for (int i = 0; i < 24; i++)
		acceptance_add_fact(&a, (enum acceptance_subject)(i / 8),
		    names[i % 3],
		    i % 3 == 2 ? "/dev/tape/by-id/scsi-350050763000a1b2c-nst"
			       : "10WT012345");
	for (int i = 0; i < 12; i++) {
		test = acceptance_add_test(&a, "20_write",
		    "A dump is written, read back and compared");
		test->state = ACCEPTANCE_TEST_DONE;
		test->bytes = 4294967296;
		test->ns = 17300000000;
		add_corrected(&a, 0x02);
		add_corrected(&a, 0x03);
	}
	for (int i = 0; i < 30; i++) {
		row = acceptance_add_row(&a, "50_rate",
		    "Write rate, reverse wraps", "1 min 17 s");
		acceptance_set(&row->limit, ">= 328.5 MB/s");
		acceptance_set(&row->source, "profile lto8hh, 10 % less");
		acceptance_set(&row->earlier, "1 min 15 s; -; 1 min 16 s");
	}
	rc = report_html_acceptance(&a, dir, err, err_bytes);
	if (rc != 0)
		fprintf(stderr, "%s\n", err);
	acceptance_clear(&a);
	return rc;
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
	if (status == 0)
		status = write_paper(argv[1], err, sizeof err);
	return status == 0 ? 0 : 1;
}
