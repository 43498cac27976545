/**
 * Settings of glibc for a host that runs for days: each block of 128 KiB or more has memory of its own, which goes back
 * to the system when it is freed. Without them that limit follows the largest block that was ever freed, and smaller ones
 * leave holes in the heaps of all threads. Other systems take no notice.
 */
export const steadyMalloc = { MALLOC_MMAP_THRESHOLD_: String(128 * 1024) };
