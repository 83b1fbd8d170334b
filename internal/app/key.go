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
	// leastKey is the length in bytes below which a key could be guessed.
	leastKey = 16
)

// key gives the key of the secret digests: from the environment, else from the
// project's file, else a random one that only this run knows.
func (a *App) key(cfg *config.Config) ([]byte, error) {
	name, file := defaultKeyEnv, defaultKeyFile
	if cfg != nil && cfg.Secrets.KeyEnv != "" {
		name = cfg.Secrets.KeyEnv
	}
	if cfg != nil && cfg.Secrets.KeyFile != "" {
		file = cfg.Secrets.KeyFile
	}
	if text, ok := a.Lookup(name); ok && text != "" {
		return checkKey("environment variable "+name, text)
	}
	if cfg != nil {
		key, err := a.readKey(cfg, file)
		if !errors.Is(err, fs.ErrNotExist) {
			return key, err
		}
	}
	return a.newKey()
}

// keyLasts tells whether the key is the same the next time.
func (a *App) keyLasts(cfg *config.Config) bool {
	if text, ok := a.Lookup(cmp.Or(cfg.Secrets.KeyEnv, defaultKeyEnv)); ok && text != "" {
		return true
	}
	root := a.keyRoot(cfg)
	defer root.Close()
	_, err := root.Resolve(cmp.Or(cfg.Secrets.KeyFile, defaultKeyFile))
	return err == nil
}

// keyRoot resolves the path of the key's file, which sources cannot read.
func (a *App) keyRoot(cfg *config.Config) *place.Project {
	return place.Dir(a.Project, place.WithOutside(cfg.AllowOutside), place.WithOwn())
}

// maxKey bounds the file of a key, in bytes.
const maxKey = 64 << 10

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
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: shown, What: "the key can be read by others than its owner",
			Hint: "chmod 600 " + shown,
		}
	}
	text, err := p.ReadWithin(maxKey)
	if err != nil {
		return nil, keyError(shown, err)
	}
	return checkKey(shown, strings.TrimSpace(string(text)))
}

func keyError(file string, err error) error {
	return &parity.Error{Code: parity.CodeConfig, Where: file, What: "the key of the secret digests cannot be read", Hint: parity.HintOf(err), Err: unplaced(err)}
}

// checkKey refuses a key that is too short to keep a secret. The text is the
// key; hexadecimal digits are a spelling of it like any other.
func checkKey(where, text string) ([]byte, error) {
	if len(text) < leastKey {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: where,
			What: fmt.Sprintf("the key of the secret digests is shorter than %d bytes", leastKey),
			Hint: "parity init makes one; openssl rand -hex 32 does too",
		}
	}
	return []byte(text), nil
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
