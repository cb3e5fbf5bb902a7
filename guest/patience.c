// SPDX-License-Identifier: GPL-2.0
/*
 * Linked into the kernel's selftests in place of alarm(): each case has 30 seconds, which
 * a kernel with all checkers in an emulated machine can use up. PATIENCE says how many
 * times as long a case may take.
 */
#include <stdlib.h>

unsigned int __real_alarm(unsigned int seconds);
unsigned int __wrap_alarm(unsigned int seconds);

unsigned int __wrap_alarm(unsigned int seconds)
{
	const char *patience = getenv("PATIENCE");

	return __real_alarm(patience ? seconds * atoi(patience) : seconds);
}
