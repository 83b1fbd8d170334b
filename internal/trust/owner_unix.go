//go:build unix

package trust

import (
	"io/fs"
	"os"
	"syscall"
)

// ownersAlone reports whether a file belongs to the user and nobody else may
// read or write it.
func ownersAlone(info fs.FileInfo) bool {
	if info.Mode().Perm()&0o077 != 0 {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int64(stat.Uid) == int64(os.Geteuid())
}
