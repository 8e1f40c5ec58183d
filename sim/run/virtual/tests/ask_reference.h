/*
 * ask_reference.h: passes cases to the reference of the splitter's rules.
 *
 * parts_reference.py implements the written rules, independent of the code; it
 * describes the form of a case.
 */
#ifndef SIM_TESTS_ASK_REFERENCE_H
#define SIM_TESTS_ASK_REFERENCE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Starts the reference on a file of cases, one per line.  The caller must read
 * its answers, one per line, to the end, and close with pclose().  Returns NULL
 * with a message if the reference cannot be started.
 */
FILE *ask_reference(const char *cases, char *err, size_t err_bytes);

#endif
