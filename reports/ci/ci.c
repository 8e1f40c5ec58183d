/* ci.c: writes the files for continuous integration. */
#include "reports/ci/ci.h"

#include "reports/output.h"

int ci_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes)
{
	static const struct {
		const char *name;
		int (*print)(FILE *out, const struct results *results);
	} files[] = {
		{ CI_JUNIT, ci_junit },
		{ CI_TAP, ci_tap },
		{ CI_ANNOTATIONS, ci_annotations },
		{ CI_SUMMARY, ci_summary },
	};
	struct output output;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if (report_output_open(&output, err, err_bytes) != 0)
			return -1;
		if (files[i].print(output.text, results) != 0) {
			report_output_drop(&output);
			snprintf(err, err_bytes, "no memory for %s",
			    files[i].name);
			return -1;
		}
		if (report_output_commit(&output, dir, files[i].name, err,
			err_bytes) != 0)
			return -1;
	}
	return 0;
}
