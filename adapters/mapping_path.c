/* Is it a path at all? Asked while a mapping is read. */
#include "adapters/mapping_tree.h"

int mapping_judge_path(
	const struct mapping *m, const char *path, char ret_why[MAPPING_WHY])
{
	return m->syntax == MAPPING_XML ? mapping_xml_judge_path(m, path, ret_why)
					: mapping_json_judge_path(path, ret_why);
}
