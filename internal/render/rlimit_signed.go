//go:build freebsd || dragonfly

package render

// limitOf returns a number as the system's limits have it.
func limitOf(n uint64) int64 { return int64(n) }
