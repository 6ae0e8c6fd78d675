/* The program: all it does is in gateway/cli, so that tests link what ships. */
#include "gateway/cli/command.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
