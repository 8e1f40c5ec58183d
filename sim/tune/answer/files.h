/*
 * files.h: the files of an answer: answer.txt, answer.yaml, index.html,
 * points.tsv, points.json.
 */
#ifndef SIM_TUNE_FILES_H
#define SIM_TUNE_FILES_H

#include "sim/tune/answer/doc.h"
#include "sim/tune/request.h"

/*
 * Makes the folder if it is missing, and checks that it has no file with the
 * name of one of these, unless tapelab tune wrote it.  Call it before a long
 * run.  Returns 0, or -1 with a message.
 */
int tune_files_prepare(const char *folder, char *err, size_t err_bytes);

/*
 * Writes the files into the existing folder.  Returns 0, or -1 with a message.
 * `missing` says why there is a recommendation and no answer.yaml; else it becomes
 * empty.
 */
int tune_files_write(const struct tune_plan *plan, const struct tune_doc *doc,
    const char *folder, char *missing, size_t missing_bytes, char *err,
    size_t err_bytes);

#endif
