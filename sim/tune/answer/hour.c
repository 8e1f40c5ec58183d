/* hour.c: see hour.h. */
#include "sim/tune/answer/hour.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/output.h"
#include "reports/write/write.h"
#include "sim/run/process.h"
#include "splitter/base/signals.h"

#define FOLDER "hour"
#define NAME   "run"

/* How many bytes the recommended settings write in an hour; 0: all of them. */
static uint64_t bytes_of_hour(const struct tune_study *study)
{
	const struct scenario *s = study->base.scenario;
	double bytes = study->chosen.of[TUNE_RATE].mean * 3600;

	return s->dumps_count > 1 || s->dumps[0].size_bytes == 0 ||
		!(bytes < (double)s->dumps[0].size_bytes)
	    ? 0
	    : (uint64_t)bytes;
}

static int write_report(struct results_scenario *record, const char *folder,
    struct tune_plots *plots, char *err, size_t err_bytes)
{
	struct results results = { .scenarios = &record, .count = 1 };
	char *path = report_output_path(folder, FOLDER, err, err_bytes), *plot;
	int rc = -1;

	if (path == NULL)
		return -1;
	rc = report_prepare(path, err, err_bytes);
	if (rc == 0)
		rc = report_prepare_scenario(path, NAME, err, err_bytes);
	if (rc == 0)
		rc = report_write(&results, path, err, err_bytes);
	if (rc == 0 &&
	    asprintf(&plot, "%s/" NAME "/throughput.svg", path) >= 0) {
		plots->hour = access(plot, R_OK) == 0;
		free(plot);
	}
	free(path);
	return rc;
}

enum tune_status tune_hour_write(const struct tune_study *study,
    const char *folder, struct tune_plots *plots, char *err, size_t err_bytes)
{
	const struct tune_task task = { .settings = study->chosen.settings };
	const struct run_options options = { .seed = study->seed };
	struct results_scenario *record = NULL;
	struct scenario *scenario =
	    tune_task_scenario(&study->base, &task, err, err_bytes);
	uint64_t bytes = bytes_of_hour(study);
	enum run_status status;
	int rc = 0;

	if (scenario == NULL)
		return TUNE_FAILED;
	if (bytes > 0)
		scenario->dumps[0].size_bytes = bytes;
	status = run_process(scenario, NAME, "the recommended settings",
	    &options, &record, err, err_bytes);
	scenario_free(scenario);
	if (signals_signal() != 0 || status == RUN_BROKEN) {
		if (record != NULL)
			results_scenario_free(record);
		return status == RUN_BROKEN ? TUNE_BROKEN : TUNE_INTERRUPTED;
	}
	if (status == RUN_JUDGED)
		rc = write_report(record, folder, plots, err, err_bytes);
	if (record != NULL)
		results_scenario_free(record);
	return rc == 0 ? TUNE_COMPLETE : TUNE_FAILED;
}

void tune_hour_add(const struct tune_plots *plots, struct tune_doc *doc)
{
	if (plots->hour)
		tune_doc_cells(doc, TUNE_DOC_PLOT,
		    (const char *[]){ FOLDER "/" NAME "/throughput.svg",
			"The first hour with the recommended settings. Its "
			"report is " FOLDER "/index.html.",
			NULL });
}
