#define _GNU_SOURCE
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base.h"

struct processes processes_of(const char *text) {
    struct processes processes = {0};
    char *copy = strdup(text), *rest = NULL;
    for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        if (processes.count == 64)
            give_up("more than 64 processes");
        processes.ids[processes.count++] = atoi(word);
    }
    free(copy);
    return processes;
}

static double cpu_s(int id) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(id, &clock) || clock_gettime(clock, &time))
        give_up("process %d is gone", id);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static long resident_kib(int id) {
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", id);
    FILE *file = fopen(path, "r");
    if (!file)
        give_up("process %d is gone", id);
    while (fgets(line, sizeof line, file) && sscanf(line, "VmRSS: %ld", &kib) != 1) {
    }
    fclose(file);
    return kib;
}

struct cost cost_of(const struct processes *processes) {
    struct cost cost = {0};
    for (int i = 0; i < processes->count; i++) {
        cost.cpu_s += cpu_s(processes->ids[i]);
        cost.resident_kib += resident_kib(processes->ids[i]);
    }
    return cost;
}

double own_cpu_s(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}
