/* impl.h: private to this room. */
#ifndef VTL_MODEL_IMPL_H
#define VTL_MODEL_IMPL_H

#include "vtl/model/model.h"
#include "vtl/model/profile.h"
#include "vtl/yaml/key_reader.h"

enum { MODEL_SPELLING_BYTES = 64 };

/* The profiles that are compiled in, made from profiles/ by the Makefile. */
struct profile_builtin {
	const char *name, *text;
};
extern const struct profile_builtin profile_builtins[];
extern const size_t profile_builtins_count;

/* The state of reading a profile. */
struct profile_reader {
	struct key_reader keys; /* first: see profile_reader_of() */
	struct model *model;
	struct model_medium locate; /* its terms of a locate are those of all */
	struct model_medium *medium; /* the one being read */
	bool sourced;
};

static inline struct profile_reader *profile_reader_of(struct key_reader *keys)
{
	return (struct profile_reader *)keys;
}

/*
 * name.c: writes the name of a model as this program does, and the maker if the
 * text names one ("ibm", "hp").  Returns false if there is no name.
 */
bool model_reduce_name(const char *text, char name[MODEL_SPELLING_BYTES],
    const char **maker);

/*
 * value.c: readers of keys whose value may have a source.  The member is one of
 * struct model, or of struct model_medium.
 */
void profile_read_value(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void profile_read_medium_value(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/* Read names and titles, and the media that a drive only reads. */
void profile_read_name(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void profile_read_line(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void profile_read_reads(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/* Reads the code of a medium.  Returns false after an error. */
bool profile_read_code(struct key_reader *keys, const struct yaml_tree *node,
    char code[MODEL_MEDIUM_BYTES]);

/* medium.c: reads the sections of the media. */
void profile_read_media(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

#endif
