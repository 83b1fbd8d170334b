//go:build unix && !freebsd && !dragonfly

package render

// limitOf returns a number as the system's limits have it.
func limitOf(n uint64) uint64 { return n }
