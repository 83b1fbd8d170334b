package command

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// rounds is how often strays are looked for: one may have started another
// while it was ended.
const rounds = 20

// endStrays ends processes, and then those that are found by the mark, until
// there are none.
func endStrays(left []int, mark string) {
	for range rounds {
		for _, pid := range left {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if left = strays(0, mark); len(left) == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// strays finds what a command has started: the descendants of pid, unless that
// is 0, and the processes whose environment has the mark, which each inherits
// that does not choose its environment. A process that has ended and waits for
// its parent is none.
func strays(pid int, mark string) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var found []int
	children := map[int][]int{}
	for _, e := range entries {
		id, err := strconv.Atoi(e.Name())
		if err != nil || id == os.Getpid() {
			continue
		}
		parent, ok := parentOf(id)
		if !ok {
			continue
		}
		children[parent] = append(children[parent], id)
		if env, err := os.ReadFile("/proc/" + e.Name() + "/environ"); err == nil && marked(env, mark) {
			found = append(found, id)
		}
	}
	if pid == 0 {
		return found
	}
	for next := []int{pid}; len(next) > 0; next = next[1:] {
		found = append(found, children[next[0]]...)
		next = append(next, children[next[0]]...)
	}
	return found
}

// marked reports whether an environment has the mark.
func marked(env []byte, mark string) bool {
	for entry := range bytes.SplitSeq(env, []byte{0}) {
		if string(entry) == mark {
			return true
		}
	}
	return false
}

// parentOf returns the parent of a process; ok is false where it has ended.
func parentOf(pid int) (parent int, ok bool) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, false
	}
	// The name stands in parentheses and may hold anything.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 2 || fields[0] == "Z" || fields[0] == "X" {
		return 0, false
	}
	parent, err = strconv.Atoi(fields[1])
	return parent, err == nil
}
