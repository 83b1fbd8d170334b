//go:build unix && !linux

package render

// addressSpace returns 0: it is not known how much this process has mapped.
func addressSpace() uint64 { return 0 }
