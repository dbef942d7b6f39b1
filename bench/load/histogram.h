/* Counts of durations in buckets that are 1.6 % wide at most, so that percentiles cost no memory. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 64 * 64 };

struct histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS], count, largest;
};

void histogram_add(struct histogram *histogram, uint64_t duration_us);

/* Return the duration in milliseconds that `share` (0 to 1) of all stay below; 0 if there are none. */
double histogram_ms(const struct histogram *histogram, double share);

/* Print {"p50": …, "p90": …, "p99": …, "max": …, "count": …}, durations in milliseconds. */
void histogram_print(const struct histogram *histogram);

#endif
