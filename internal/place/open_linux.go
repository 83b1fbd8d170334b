package place

import (
	"os"
	"slices"
	"syscall"
)

// nonBlocking keeps an open from waiting for the other end of a pipe that was
// put in the place of a regular file.
const nonBlocking = syscall.O_NONBLOCK

// kernelFileSystems are the types, as statfs has them, of file systems that
// show the state of processes and of the kernel: proc, sysfs, debugfs, tracefs,
// securityfs, both versions of cgroup, devpts.
var kernelFileSystems = []int64{0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x73636673, 0x27e0eb, 0x63677270, 0x1cd1}

// madeByKernel reports whether a file is in such a file system.
func madeByKernel(f *os.File) bool {
	conn, err := f.SyscallConn()
	if err != nil {
		return false
	}
	made := false
	_ = conn.Control(func(fd uintptr) {
		var s syscall.Statfs_t
		if syscall.Fstatfs(int(fd), &s) == nil {
			made = slices.Contains(kernelFileSystems, int64(s.Type)) //nolint:unconvert // its type differs by architecture
		}
	})
	return made
}
