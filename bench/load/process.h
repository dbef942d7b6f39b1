/* What the measured processes cost: processor time and memory. Reads /proc, so Linux. */
#ifndef PROCESS_H
#define PROCESS_H

/* The processes whose cost is summed, from text like "12,34". */
struct processes {
    int ids[64], count;
};

struct cost {
    double cpu_s;
    long resident_kib;
};

struct processes processes_of(const char *text);

/* Return what they have used so far, in nanoseconds exactly. Gives up if one is gone. */
struct cost cost_of(const struct processes *processes);

/* Return the processor seconds of this process. */
double own_cpu_s(void);

#endif
