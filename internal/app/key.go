package app

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/place"
)

const (
	defaultKeyEnv  = "PARITY_KEY"
	defaultKeyFile = ".parity/key"
	keyBytes       = 32
	// minKey is the length in bytes below which a key could be guessed.
	minKey = 16
	// maxKeyFile bounds a key file in bytes.
	maxKeyFile = 4 << 10
)

// key gives the key of the secret digests: the one that lasts, else a random
// one that only this run knows. cfg is nil without a project.
func (a *App) key(cfg *config.Config) ([]byte, error) {
	key, err := a.lastingKey(cfg)
	if err != nil || key != nil {
		return key, err
	}
	return a.newKey()
}

// lastingKey gives the key that is the same the next time: from the
// environment, else from the project's file; nil without one.
func (a *App) lastingKey(cfg *config.Config) ([]byte, error) {
	if a.untrusted() {
		cfg = nil // the key is the runner's, and none that a file names
	}
	name, file := defaultKeyEnv, defaultKeyFile
	if cfg != nil {
		name, file = cmp.Or(cfg.Secrets.KeyEnv, name), cmp.Or(cfg.Secrets.KeyFile, file)
	}
	if publicVariable(name) {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: cfg.Path,
			What: fmt.Sprintf("secrets.keyEnv names %s, which others can know: whoever knows the key can test guesses at secrets", name),
			Hint: "keep a random key among the secrets of the CI, and name its variable; " + makeKey,
		}
	}
	if text, ok := a.Lookup(name); ok && text != "" {
		if public := a.publicValue(text); public != "" {
			return nil, weakKey(name+" in the environment", "is the value of "+public+", which others can know")
		}
		return checkKey(name+" in the environment", text)
	}
	if cfg == nil {
		return nil, nil
	}
	key, err := a.readKey(cfg, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return key, err
}

// keyRoot resolves the path of the key's file, which sources cannot read.
func (a *App) keyRoot(cfg *config.Config) *place.Project {
	return place.Dir(a.Project, place.WithOutside(cfg.AllowOutside), place.WithOwn())
}

// readKey reads a key file that none but its owner can read.
func (a *App) readKey(cfg *config.Config, file string) ([]byte, error) {
	root := a.keyRoot(cfg)
	defer root.Close()
	shown := file
	if !filepath.IsAbs(file) {
		shown = filepath.Join(a.Project, filepath.FromSlash(file))
	}
	p, err := root.Resolve(file)
	if err != nil {
		return nil, keyError(shown, err)
	}
	info, err := fs.Stat(p.FS, p.Path)
	if err != nil {
		return nil, keyError(shown, err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxKeyFile {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: shown,
			What: fmt.Sprintf("the key is no regular file of at most %d bytes", maxKeyFile), Hint: makeKey,
		}
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: shown, What: "the key can be read by others than its owner",
			Hint: "chmod 600 " + shown,
		}
	}
	text, err := p.ReadWithin(maxKeyFile)
	if err != nil {
		return nil, keyError(shown, err)
	}
	return checkKey(shown, strings.TrimSpace(string(text)))
}

func keyError(file string, err error) error {
	return &parity.Error{Code: parity.CodeConfig, Where: file, What: "the key of the secret digests cannot be read", Hint: parity.HintOf(err), Err: unplaced(err)}
}

// makeKey says how to make a key.
const makeKey = "parity init makes one; openssl rand -hex 32 does too"

// checkKey refuses a key that is too short or too regular to keep a secret. The
// text is the key; hexadecimal digits are a spelling of it like any other.
func checkKey(where, text string) ([]byte, error) {
	if len(text) < minKey {
		return nil, weakKey(where, fmt.Sprintf("is shorter than %d bytes", minKey))
	}
	if keyBits(text) < minKeyBits {
		return nil, weakKey(where, "can be guessed: it repeats itself, counts, or is made of words")
	}
	return []byte(text), nil
}

func weakKey(where, why string) error {
	return &parity.Error{Code: parity.CodeConfig, Where: where, What: "the key of the secret digests " + why, Hint: makeKey}
}

func (a *App) newKey() ([]byte, error) {
	raw := make([]byte, keyBytes)
	if _, err := io.ReadFull(a.Random, raw); err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return []byte(hex.EncodeToString(raw)), nil
}

// writeKey makes the project's key file, and the .gitignore beside it that
// keeps it out of git. A key that is there stays.
func (a *App) writeKey() (made bool, err error) {
	if err := a.ignoreProjectDir(); err != nil {
		return false, err
	}
	key, err := a.newKey()
	if err != nil {
		return false, err
	}
	own, err := a.ownDir(0)
	if err != nil {
		return false, err
	}
	defer own.Close()
	name := path.Base(defaultKeyFile)
	if _, err := own.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, atomicfile.In(own, name, fmt.Appendf(nil, "%s\n", key), 0o600)
}
