//go:build !race && unix

package render

// shadow is what the race detector would map: it is not built in.
const shadow = 0
