/*
 * files.h: the files of an answer: answer.txt, index.html, points.tsv,
 * points.json.
 */
#ifndef SIM_TUNE_FILES_H
#define SIM_TUNE_FILES_H

#include "sim/tune/doc.h"
#include "sim/tune/request.h"

/*
 * Writes the files into the existing folder.  Returns 0, or -1 with a message.
 */
int tune_files_write(const struct tune_plan *plan, const struct tune_doc *doc,
    const char *folder, char *err, size_t err_bytes);

#endif
