/*
 * witness.h: looks at what the core does, and knows nothing of its reasons.
 *
 * It notes which bytes are on tape and which could be overwritten in the
 * buffer, and ends the program, with the state that led there, when the core
 * asks for what would lose one.
 */
#ifndef SPLITTER_TESTS_WITNESS_H
#define SPLITTER_TESTS_WITNESS_H

#include "splitter/core/tests/explored.h"

#define MUST(cond) witness_must((cond), #cond, __LINE__)

/* Which state messages are about; it must outlive them. */
void witness_from(const struct node *node);

/* Ends the program unless it holds. */
void witness_must(bool holds, const char *text, int line);

/* What holds in every state. */
void witness_check_node(const struct node *node);

/* A step that the core asks for, which is noted in the node. */
void witness_check_step(struct node *node, const struct core_step *step);

/* The answer that the step that is out will get is noted in the node. */
void witness_note_answer(struct node *node, const struct core_result *result);

#endif
