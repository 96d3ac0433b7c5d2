/*
 * bcryptprimitives.dll for a Wine that has none, such as Debian 12's: Go programs take their random numbers
 * from its ProcessPrng. Wine's SystemFunction036 draws them from the same place. Windows has the real one;
 * this goes into prefixes of the test only and is part of no package.
 */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID data, ULONG length);

/* It takes 32 bits of a length, so more is drawn in pieces. */
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
	while (length > 0) {
		ULONG piece = length > 0x10000000 ? 0x10000000 : (ULONG)length;
		if (!SystemFunction036(data, piece))
			return FALSE;
		data += piece;
		length -= piece;
	}
	return TRUE;
}
