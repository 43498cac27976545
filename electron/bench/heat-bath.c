/*
 * Scalar heat-bath on one lattice, the yardstick of the benchmark: one byte a spin, a table of
 * probabilities, one random number an update, a checkerboard so that no update waits for the one before.
 * Twice: as one would write it, and as fast as it was found to go.
 *
 * arguments: plain|fast rows cols periodic J h-per-site seed warm-up sweeps blocks measurements stride
 * output: seconds of each block of sweeps, then B and m after every stride-th sweep, a line each
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int rows, cols, periodic;
static size_t width;
/* spins -1, 0 (ghost) and +1, with a ghost row and column on every side */
static int8_t *spins;
/* of every site four places in spins */
static uint32_t *neighbours;
/* P(up), one a neighbour sum -4 ... 4, and the number of 32-bit words that turn a spin up */
static double probability[9];
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

static size_t place(int q, int r) { return (q + 1) * width + r + 1; }

/* sites that are met in no order but their list's; beyond a free edge lies a ghost */
static void list_neighbours(void) {
  for (int q = 0; q < rows; q++) {
    for (int r = 0; r < cols; r++) {
      uint32_t *list = neighbours + 4 * place(q, r);
      list[0] = place(periodic ? (q + rows - 1) % rows : q - 1, r);
      list[1] = place(periodic ? (q + 1) % rows : q + 1, r);
      list[2] = place(q, periodic ? (r + cols - 1) % cols : r - 1);
      list[3] = place(q, periodic ? (r + 1) % cols : r + 1);
    }
  }
}

static double uniform(void) { return (next(&generator) >> 11) * 0x1p-53; }

static void plain_sweep(void) {
  for (int colour = 0; colour < 2; colour++) {
    for (int q = 0; q < rows; q++) {
      for (int r = (q + colour) % 2; r < cols; r += 2) {
        const size_t k = place(q, r);
        const uint32_t *n = neighbours + 4 * k;
        const int sum = spins[n[0]] + spins[n[1]] + spins[n[2]] + spins[n[3]];
        spins[k] = uniform() < probability[sum + 4] ? 1 : -1;
      }
    }
  }
}

/* no lists: what lies beyond an edge is copied there, and integers are compared */
static void fast_sweep(void) {
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
  wrap();
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
  if (count != 13) return 2;
  void (*sweep)(void) = strcmp(arguments[1], "plain") == 0 ? plain_sweep : fast_sweep;
  rows = atoi(arguments[2]);
  cols = atoi(arguments[3]);
  periodic = atoi(arguments[4]);
  const double coupling = atof(arguments[5]), field = atof(arguments[6]);
  const uint64_t seed = strtoull(arguments[7], NULL, 10);
  generator = (Generator){seed, seed, seed, 1};
  const int warmUp = atoi(arguments[8]), sweeps = atoi(arguments[9]);
  const int blocks = atoi(arguments[10]), measurements = atoi(arguments[11]);
  const int stride = atoi(arguments[12]);

  width = cols + 2;
  spins = calloc((size_t)(rows + 2) * width, 1);
  neighbours = malloc(4 * sizeof *neighbours * (rows + 2) * width);
  if (!spins || !neighbours) return 1;
  list_neighbours();
  for (int sum = -4; sum <= 4; sum++) {
    probability[sum + 4] = 1 / (1 + exp(-2 * (coupling * sum + field)));
    table[sum + 4] = (uint64_t)(4294967296.0 * probability[sum + 4]);
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
    for (int k = 0; k < stride; k++) sweep();
    measure();
  }
  /* the spins are used even where nothing is measured, so that no sweep can be left out */
  measure();
  return 0;
}
