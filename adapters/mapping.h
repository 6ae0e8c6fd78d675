/*
 * A mapping: a vendor's XML or JSON told as the document event (docs/mapping.md), as
 * plain data. gateway/config/mapping.c fills it from YAML; mapping_reader.h reads
 * messages by it. It is read-only once made and may be shared by threads.
 *
 * A path is an XPath, or a JSON Pointer, from the node it hangs on: those of the event
 * from the document's node, those of a list's entry from that entry. `.` is that node
 * itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/day.h"
#include "gateway/model/event_json_members.h"

enum mapping_syntax { MAPPING_XML, MAPPING_JSON };

struct mapping_path {
	const char *text; /* NULL: none */
	size_t number;    /* from 0, among all paths of the mapping */
};

/* A row of a value table; a NULL word means absent. */
struct mapping_value {
	const char *code, *word;
};

/* Where one member of the event, or of one of its parts, comes from. */
struct mapping_field {
	const struct event_json_member *member;
	struct mapping_path each; /* lists: what is repeated; else none */
	struct mapping_path path; /* values: where it stands */
	const char *constant;     /* the value itself; no path then */
	const char *fallback;     /* the value where nothing stands */
	const struct mapping_value *values;
	size_t values_n;
	const char *otherwise;    /* the value of a code that stands in no table */
	const char *split;        /* lists: one text holds several, with one of these
				     characters between them */
	const char *const *dates; /* patterns; none: the mapping's, else E2's own */
	size_t dates_n;
	bool base64;                        /* a size: of the file that stands there */
	const struct mapping_field *fields; /* of a part, or of a list's entries */
	size_t fields_n;
};

struct mapping_namespace {
	const char *prefix, *uri;
};

struct mapping {
	const char *file;    /* as people know it */
	const char *samples; /* the folder of its samples, absolute */
	enum mapping_syntax syntax;
	const struct mapping_namespace *namespaces;
	size_t namespaces_n;
	struct mapping_path document; /* the node that is one document; several: several
					 documents in one message */
	const char *source; /* the system thread ids belong to; NULL: the adapter */
	const char *const *dates;
	size_t dates_n;
	const struct mapping_field *fields;
	size_t fields_n;
	const char *const *paths; /* every path, by number */
	size_t paths_n;
};

/* Is @path a path of @m's syntax, with prefixes that its namespaces declare? 0; -1:
 * @ret_why says what is wrong with it. */
enum { MAPPING_WHY = 160 };
int mapping_judge_path(
	const struct mapping *m, const char *path, char ret_why[MAPPING_WHY]);

/*
 * Date patterns: yyyy, MM or M, dd or d, HH or H, mm, ss, SSS, zzz (an offset), `T` and
 * whatever is no letter; texts between '' stand for themselves. Or `unix`, `unix-ms`:
 * seconds, milliseconds since 1970.
 */
bool mapping_date_is_pattern(const char *pattern);

struct mapping_date {
	day_t day; /* as written, whatever its offset says */
	msec_t at; /* +07:00 unless an offset is written; no time: 00:00 */
};

/* @text (cleaned) in the form @pattern; false if it is no such date. */
bool mapping_date_read(
	const char *pattern, const char *text, struct mapping_date *ret_date);
