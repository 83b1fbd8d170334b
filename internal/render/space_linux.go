package render

import (
	"os"
	"strconv"
	"strings"
)

// addressSpace returns the bytes of address space that this process has mapped,
// 0 where that is not known. Its limit is needed beside that of data: the runtime
// reserves the space of a large allocation first and maps it afterwards, which
// the system does not take for more data.
func addressSpace() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _, _ := strings.Cut(string(text), " ")
	n, err := strconv.ParseUint(pages, 10, 64)
	if err != nil {
		return 0
	}
	return n * uint64(os.Getpagesize())
}
