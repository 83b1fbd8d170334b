package fetch

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/envparity/parity/internal/atomicfile"
)

// cache keeps charts in files that are called after their digests.
type cache struct{ dir string }

const extension = ".tgz"

// get returns a chart that is kept, if it is what was kept.
func (c cache) get(of chart) ([]byte, bool) {
	dir := filepath.Join(c.dir, of.key())
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, false
	}
	for _, e := range entries {
		digest, ok := strings.CutSuffix(e.Name(), extension)
		if !ok || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err != nil || info.Size() > maxChart {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err == nil && digestOf(data) == digest {
			return data, true
		}
	}
	return nil, false
}

// put keeps a chart.
func (c cache) put(of chart, data []byte) error {
	dir := filepath.Join(c.dir, of.key())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return errKept
	}
	name := digestOf(data) + extension
	if err := atomicfile.Replace(filepath.Join(dir, name), name, data, 0o600); err != nil {
		return errKept
	}
	return nil
}

var errKept = errors.New("it cannot be kept in the user's directory for caches")
