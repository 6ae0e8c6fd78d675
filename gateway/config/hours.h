/* Working hours as they are written: "07:00-11:30,13:30-17:00". */
#pragma once

#include <stdbool.h>

/*
 * @text as pairs of minutes of the day, ended by -1 as policy.working_minutes is: up to
 * 3 spans, each ending after it begins and beginning no sooner than the last one ended.
 */
bool hours_parse(const char *text, int minutes[8]);
