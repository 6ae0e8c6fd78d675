int bug(int n)
{
	int *nowhere = 0;

	if (n > 3)
		return *nowhere;
	return n;
}
