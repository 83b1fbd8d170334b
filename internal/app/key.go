package app

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
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
		if !filepath.IsAbs(file) {
			file = filepath.Join(a.Project, filepath.FromSlash(file))
		}
		key, err := readKey(file)
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
	file := filepath.FromSlash(cmp.Or(cfg.Secrets.KeyFile, defaultKeyFile))
	if !filepath.IsAbs(file) {
		file = filepath.Join(a.Project, file)
	}
	_, err := os.Stat(file)
	return err == nil
}

// readKey reads a key file that none but its owner can read.
func readKey(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, keyError(file, err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: file, What: "the key can be read by others than its owner",
			Hint: "chmod 600 " + file,
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, keyError(file, err)
	}
	return checkKey(file, strings.TrimSpace(string(text)))
}

func keyError(file string, err error) error {
	return &parity.Error{Code: parity.CodeConfig, Where: file, What: "the key of the secret digests cannot be read", Err: err}
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

// ignoreProjectDir makes the directory of what Parity keeps for itself, and the
// .gitignore in it that keeps all of it out of git.
func (a *App) ignoreProjectDir() error {
	dir := filepath.Join(a.Project, filepath.FromSlash(path.Dir(defaultKeyFile)))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	ignore := filepath.Join(dir, ".gitignore")
	_, err := os.Stat(ignore)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.WriteFile(ignore, []byte("*\n!.gitignore\n"), 0o644)
	}
	return err
}

// writeKey makes the project's key file, and the .gitignore beside it that
// keeps it out of git. A key that is there stays.
func (a *App) writeKey() (made bool, err error) {
	file := filepath.Join(a.Project, filepath.FromSlash(defaultKeyFile))
	if err := a.ignoreProjectDir(); err != nil {
		return false, err
	}
	key, err := a.newKey()
	if err != nil {
		return false, err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := fmt.Fprintf(f, "%s\n", key); err != nil {
		return false, errors.Join(err, f.Close())
	}
	return true, f.Close()
}
