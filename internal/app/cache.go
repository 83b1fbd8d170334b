package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/store"
)

// cache keeps what tracked sources yielded, and results, so that what has not
// changed is not read and not compared again. It lives beside the project's key
// in a directory that git ignores, readable by its owner alone. A cache that
// cannot be read or written is as good as an empty one, and so is one that was
// not written with the project's key.
type cache struct {
	app   *App
	keyID string
	auth  store.Key
	cfg   *config.Config
}

const (
	// cacheDir is below the directory of the key.
	cacheDir = "cache"
	// kept is how many files of a kind the cache holds; older ones go.
	kept = 64
	// maxEntry bounds one file, in bytes.
	maxEntry = 1 << 30
	// abandoned is how old a file is that nobody writes any more.
	abandoned = time.Hour
)

// newCache gives the project's cache; nil where none is kept: without a key
// that lasts, digests of secrets say nothing the next time.
func (a *App) newCache(cfg *config.Config, keyID string) *cache {
	if a.NoCache || keyID == "" {
		return nil
	}
	auth, err := a.storeKey(cfg)
	if err != nil || auth.ID != keyID {
		return nil
	}
	return &cache{app: a, keyID: keyID, auth: auth, cfg: cfg}
}

// useCache lets the columns of a plan that have tracked sources keep what they
// read; nil where none does.
func (a *App) useCache(p *plan, keyID string) *cache {
	c := a.newCache(p.cfg, keyID)
	used := false
	for i := range p.columns {
		if slices.ContainsFunc(p.columns[i].sources, collector.Configured.Tracked) {
			p.columns[i].cache, used = c, true
		}
	}
	if !used {
		return nil
	}
	return c
}

// nameOf digests whatever tells one entry from another.
func nameOf(parts ...any) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, p := range parts {
		if err := enc.Encode(p); err != nil {
			return "" // cannot be told apart, so it is not kept
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// source names the entry of a tracked source by all that shapes what it yields.
func (c *cache) source(p *planned, s *collector.Configured) string {
	return nameOf("source", c.app.Version, c.keyID, p.column.Role, s.Collector.Name, s.Name, s.Config,
		p.rules.Kubernetes, p.rules.Mirrors, c.cfg.Secrets.Names, c.cfg.Secrets.Public)
}

func (c *cache) read(kind, name string) ([]byte, bool) {
	if name == "" {
		return nil, false
	}
	dir, err := c.app.ownDir(0, cacheDir, kind)
	if err != nil {
		c.warn(kind, err)
		return nil, false
	}
	defer dir.Close()
	if info, err := dir.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() > maxEntry {
		return nil, false
	}
	file, err := dir.ReadFile(name)
	if err != nil {
		return nil, false
	}
	return c.authentic(kind, name, file)
}

// warn logs why there is no cache. That nothing was kept yet is no reason.
func (c *cache) warn(kind string, err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		c.app.Log.Warn("the cache is not used", "kind", kind, "error", err)
	}
}

// write puts a file in place whole, and takes the oldest of its kind away.
func (c *cache) write(kind, name string, data []byte) {
	if name == "" || len(data) > maxEntry {
		return
	}
	file := append(slices.Clip(data), c.tag(kind, name, data)...)
	if err := c.put(kind, name, file); err != nil {
		c.warn(kind, err)
	}
}

func (c *cache) put(kind, name string, data []byte) error {
	if err := c.app.ignoreProjectDir(); err != nil {
		return err
	}
	dir, err := c.app.ownDir(0o700, cacheDir, kind)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := atomicfile.In(dir, name, data, 0o600); err != nil {
		return err
	}
	return c.prune(dir)
}

// ofCache is the form of the names that nameOf gives.
var ofCache = regexp.MustCompile(`^[0-9a-f]{64}$`)

// prune takes away all but the latest files that were written to a directory of
// the cache, and what writes that were cut short left there. It touches nothing
// else.
func (c *cache) prune(dir *os.Root) error {
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return err
	}
	var infos []fs.FileInfo
	for _, e := range entries {
		info, infoErr := dir.Lstat(e.Name())
		switch {
		case infoErr != nil || !info.Mode().IsRegular():
		case ofCache.MatchString(e.Name()):
			infos = append(infos, info)
		case atomicfile.IsTemporary(e.Name()) && c.app.Now.Sub(info.ModTime()) > abandoned:
			err = errors.Join(err, dir.Remove(e.Name()))
		}
	}
	slices.SortFunc(infos, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, info := range infos[min(kept, len(infos)):] {
		err = errors.Join(err, dir.Remove(info.Name()))
	}
	return err
}

// fingerprint gives the text by which the source will be known if
// it is as it was when it was kept; empty where it was not.
func (c *cache) fingerprint(p *planned, s *collector.Configured) string {
	data, _ := c.read("fingerprints", c.source(p, s))
	return string(data)
}

// part reads what a source yielded; nil where that is not kept.
func (c *cache) part(p *planned, s *collector.Configured, fingerprint string) *parity.Snapshot {
	data, ok := c.read("parts", nameOf(c.source(p, s), fingerprint))
	if !ok {
		return nil
	}
	part, err := store.ReadSnapshot(bytes.NewReader(data), store.DefaultLimits())
	if err != nil || part.KeyID != c.keyID {
		return nil
	}
	return part
}

func (c *cache) keep(p *planned, s *collector.Configured, fingerprint string, part *parity.Snapshot) {
	var buf bytes.Buffer
	if err := store.WriteSnapshot(&buf, part); err != nil {
		return
	}
	c.write("parts", nameOf(c.source(p, s), fingerprint), buf.Bytes())
	c.write("fingerprints", c.source(p, s), []byte(fingerprint))
}
