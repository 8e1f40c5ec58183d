/* text.c: reads and writes key=value texts. */
#include "vtl/iscsi/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN_BYTES = 1024 };

void iscsi_text_free(struct iscsi_text *text)
{
	/* It may have had the response to a challenge. */
	if (text->data != NULL)
		explicit_bzero(text->data, text->room);
	free(text->data);
	text->data = NULL;
	text->bytes = text->room = 0;
}

void iscsi_text_clear(struct iscsi_text *text)
{
	text->bytes = 0;
}

/* Makes room for more bytes.  Returns false without memory. */
static bool grow(struct iscsi_text *text, size_t bytes)
{
	size_t room = text->room == 0 ? ROOM_MIN_BYTES : text->room;
	const size_t used = text->bytes;
	char *data;

	while (room - used < bytes)
		room *= 2;
	if (room == text->room)
		return true;
	/* realloc() would not overwrite the old memory. */
	if ((data = malloc(room)) == NULL) {
		text->no_memory = true;
		return false;
	}
	if (used > 0)
		memcpy(data, text->data, used);
	iscsi_text_free(text);
	text->data = data;
	text->bytes = used;
	text->room = room;
	return true;
}

bool iscsi_text_append(struct iscsi_text *text, const void *data, size_t bytes)
{
	const size_t limit =
	    text->limit_bytes == 0 ? ISCSI_TEXT_BYTES : text->limit_bytes;

	if (bytes == 0)
		return true;
	if (bytes > limit - text->bytes || !grow(text, bytes))
		return false;
	memcpy(text->data + text->bytes, data, bytes);
	text->bytes += bytes;
	return true;
}

bool iscsi_text_add(struct iscsi_text *text, const char *key, const char *value)
{
	const size_t before = text->bytes;

	if (iscsi_text_append(text, key, strlen(key)) &&
	    iscsi_text_append(text, "=", 1) &&
	    iscsi_text_append(text, value, strlen(value) + 1))
		return true;
	text->bytes = before;
	return false;
}

bool iscsi_text_add_number(struct iscsi_text *text, const char *key,
    unsigned long value)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%lu", value);
	return iscsi_text_add(text, key, digits);
}

static const char *check_pair(const char *pair)
{
	static const char key_characters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789.-+@_#";
	const char *equals = strchr(pair, '=');

	if (equals == NULL)
		return "a key has no '='";
	if (equals == pair || pair + strspn(pair, key_characters) != equals)
		return "a key has a character that is not allowed";
	if (equals - pair > ISCSI_TEXT_KEY_BYTES)
		return "a key is longer than 63 bytes";
	if (strlen(equals + 1) > ISCSI_TEXT_VALUE_BYTES)
		return "a value is longer than 8192 bytes";
	for (const char *p = equals + 1; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "a value has a control character";
	return NULL;
}

const char *iscsi_text_check(const struct iscsi_text *text)
{
	unsigned pairs = 0;

	if (text->bytes == 0)
		return NULL;
	if (text->data[text->bytes - 1] != '\0')
		return "the text has no zero byte at its end";
	for (size_t at = 0; at < text->bytes;) {
		const char *pair = text->data + at;
		const char *wrong;

		at += strlen(pair) + 1;
		if (*pair == '\0')
			continue;
		if (++pairs > ISCSI_TEXT_KEYS)
			return "the text has more than 64 keys";
		if ((wrong = check_pair(pair)) != NULL)
			return wrong;
	}
	return NULL;
}

bool iscsi_text_next(const struct iscsi_text *text, size_t *at,
    struct iscsi_pair *pair)
{
	const char *found, *equals;

	while (*at < text->bytes && text->data[*at] == '\0')
		++*at;
	if (*at >= text->bytes)
		return false;
	found = text->data + *at;
	equals = strchr(found, '=');
	memcpy(pair->key, found, (size_t)(equals - found));
	pair->key[equals - found] = '\0';
	pair->value = equals + 1;
	*at += strlen(found) + 1;
	return true;
}

const char *iscsi_text_find(const struct iscsi_text *text, const char *key)
{
	struct iscsi_pair pair;

	for (size_t at = 0; iscsi_text_next(text, &at, &pair);)
		if (strcmp(pair.key, key) == 0)
			return pair.value;
	return NULL;
}

bool iscsi_text_list_has(const char *list, const char *word)
{
	const size_t bytes = strlen(word);

	for (;; list++) {
		const size_t n = strcspn(list, ",");

		if (n == bytes && memcmp(list, word, n) == 0)
			return true;
		list += n;
		if (*list == '\0')
			return false;
	}
}
