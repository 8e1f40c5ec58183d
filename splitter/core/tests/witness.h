/*
 * witness.h: checks what the core does, without knowing its reasons.
 *
 * It notes which bytes are on tape and which could be overwritten in the
 * buffer. If the core requests a step that would lose a byte, it ends the
 * program and prints the state that led to the request.
 */
#ifndef SPLITTER_TESTS_WITNESS_H
#define SPLITTER_TESTS_WITNESS_H

#include "splitter/core/tests/explored.h"

#define MUST(cond) witness_must((cond), #cond, __LINE__)

/* Sets the node that messages describe; the node must stay valid. */
void witness_from(const struct node *node);

/* Ends the program unless the condition holds. */
void witness_must(bool holds, const char *text, int line);

/* Checks the rules that hold in every state. */
void witness_check_node(const struct node *node);

/* Checks a step that the core requests, and notes it in the node. */
void witness_check_step(struct node *node, const struct core_step *step);

/* Records in the node the result that the step in progress will get. */
void witness_record_result(struct node *node, const struct core_result *result);

#endif
