/*
 * Plain scalar heat-bath on one lattice, the yardstick of the benchmark: one byte a spin, a table of
 * probabilities, one random number an update, a checkerboard so that no update waits for the one before.
 *
 * arguments: rows cols periodic J h-per-site seed warm-up sweeps blocks measurements
 * output: seconds of each block of sweeps, then B and m after each of `measurements` sweeps, a line each
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int rows, cols, periodic;
static size_t width;
/* spins -1, 0 (ghost) and +1, with a ghost row and column on every side */
static int8_t *spins;
/* number of 32-bit words that turn a spin up, one a neighbour sum -4 ... 4 */
static uint64_t table[9];

/* sfc64, C. Doty-Humphrey, PractRand */
typedef struct {
  uint64_t a, b, c, counter;
} Generator;

static inline uint64_t next(Generator *g) {
  const uint64_t result = g->a + g->b + g->counter++;
  g->a = g->b ^ (g->b >> 11);
  g->b = g->c + (g->c << 3);
  g->c = ((g->c << 24) | (g->c >> 40)) + result;
  return result;
}

static Generator generator;

static void wrap(void) {
  if (!periodic) return;
  for (int q = 1; q <= rows; q++) {
    int8_t *row = spins + q * width;
    row[0] = row[cols];
    row[cols + 1] = row[1];
  }
  for (int r = 1; r <= cols; r++) {
    spins[r] = spins[rows * width + r];
    spins[(rows + 1) * width + r] = spins[width + r];
  }
}

static void sweep(void) {
  /* a copy, since a byte that is stored might otherwise be part of the state */
  Generator g = generator;
  for (int colour = 0; colour < 2; colour++) {
    for (int q = 1; q <= rows; q++) {
      int8_t *row = spins + q * width;
      const int8_t *above = row - width, *below = row + width;
      for (int r = 1 + (q + 1 + colour) % 2; r <= cols; r += 2) {
        const int sum = above[r] + below[r] + row[r - 1] + row[r + 1];
        /* no branch: it would be mispredicted at every other spin */
        row[r] = 2 * ((next(&g) >> 32) < table[sum + 4]) - 1;
      }
    }
    wrap();
  }
  generator = g;
}

static void measure(void) {
  long bonds = 0, total = 0;
  for (int q = 1; q <= rows; q++) {
    const int8_t *row = spins + q * width;
    for (int r = 1; r <= cols; r++) {
      total += row[r];
      /* the ghost beyond a free edge is 0 */
      bonds += row[r] * (row[r + 1] + row[r + width]);
    }
  }
  printf("%ld %.17g\n", bonds, (double)total / ((double)rows * cols));
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

int main(int count, char **arguments) {
  if (count != 11) return 2;
  rows = atoi(arguments[1]);
  cols = atoi(arguments[2]);
  periodic = atoi(arguments[3]);
  const double coupling = atof(arguments[4]), field = atof(arguments[5]);
  const uint64_t seed = strtoull(arguments[6], NULL, 10);
  generator = (Generator){seed, seed, seed, 1};
  const int warmUp = atoi(arguments[7]), sweeps = atoi(arguments[8]);
  const int blocks = atoi(arguments[9]), measurements = atoi(arguments[10]);

  width = cols + 2;
  spins = calloc((size_t)(rows + 2) * width, 1);
  if (!spins) return 1;
  for (int sum = -4; sum <= 4; sum++) {
    table[sum + 4] = (uint64_t)(4294967296.0 / (1 + exp(-2 * (coupling * sum + field))));
  }
  for (int k = 0; k < 16; k++) next(&generator);
  for (int q = 1; q <= rows; q++) {
    for (int r = 1; r <= cols; r++) spins[q * width + r] = next(&generator) >> 63 ? 1 : -1;
  }
  wrap();

  for (int t = 0; t < warmUp; t++) sweep();
  for (int block = 0; block < blocks; block++) {
    const double start = now();
    for (int t = 0; t < sweeps; t++) sweep();
    printf("%.9f\n", now() - start);
  }
  for (int t = 0; t < measurements; t++) {
    sweep();
    measure();
  }
  /* the spins are used even where nothing is measured, so that no sweep can be left out */
  measure();
  return 0;
}
