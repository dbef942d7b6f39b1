#include "histogram.h"

#include <stdio.h>

/* 64 buckets for each power of two: values below 64 are exact. */
static int bucket_of(uint64_t value) {
    if (value < 64)
        return (int)value;
    int power = 63 - __builtin_clzll(value);
    int bucket = (power - 5) * 64 + (int)((value >> (power - 6)) & 63);
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static uint64_t middle_of(int bucket) {
    if (bucket < 64)
        return bucket;
    int power = bucket / 64 + 5;
    uint64_t width = 1ull << (power - 6);
    return (1ull << power) + (uint64_t)(bucket & 63) * width + width / 2;
}

void histogram_add(struct histogram *histogram, uint64_t duration_us) {
    histogram->buckets[bucket_of(duration_us)]++;
    histogram->count++;
    if (duration_us > histogram->largest)
        histogram->largest = duration_us;
}

double histogram_ms(const struct histogram *histogram, double share) {
    uint64_t below = (uint64_t)(histogram->count * share), seen = 0;
    for (int bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->buckets[bucket];
        if (seen > below) {
            uint64_t value = middle_of(bucket);
            return (value < histogram->largest ? value : histogram->largest) / 1000.0;
        }
    }
    return histogram->largest / 1000.0;
}

void histogram_print(const struct histogram *histogram) {
    printf("{\"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f, \"max\": %.3f, \"count\": %lu}", histogram_ms(histogram, 0.5),
           histogram_ms(histogram, 0.9), histogram_ms(histogram, 0.99), histogram->largest / 1000.0,
           (unsigned long)histogram->count);
}
