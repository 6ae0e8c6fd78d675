/*
 * Writing organs.yaml (O1): what is written, config_load reads back member by member.
 * Every text is quoted, members that say nothing are left out, one organ a paragraph in
 * the order given. Comments of a file that is replaced are not kept.
 */
#pragma once

#include <stddef.h>

#include "gateway/base/buf.h"
#include "gateway/base/err.h"
#include "gateway/model/organ.h"

/* @organs into the empty @out. -1 (ERR_INPUT) when that is more than is ever read. */
int organs_write(const struct organ *organs, size_t n, struct buf *out, struct err *e);
