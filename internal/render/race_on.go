//go:build race && unix

package render

// shadow is what the race detector maps beside the memory that is in use.
const shadow = 32 << 30
