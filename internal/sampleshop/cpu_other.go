//go:build !linux

package sampleshop

import "time"

// threadTime is the time on the clock, where that of the thread is not known.
func threadTime() time.Duration { return time.Duration(time.Now().UnixNano()) }
