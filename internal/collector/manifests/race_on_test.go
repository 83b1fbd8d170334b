//go:build race

package manifests

// detector is how many times the memory of a program the race detector takes at
// most, by its documentation: 5 to 10 times. make test-load runs the tests that
// hold a bound of memory without it.
const detector = 5
