//go:build !race

package manifests

// detector is how many times the memory of a program the race detector takes: it
// is not built in.
const detector = 1
