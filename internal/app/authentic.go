package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/store"
)

// storeKey gives the key that snapshots and the cache are authenticated with:
// it follows from the project's key. cfg is nil without a project. Without a
// key that lasts it is the zero key, since nobody could check the tag.
func (a *App) storeKey(cfg *config.Config) (store.Key, error) {
	key, err := a.lastingKey(cfg)
	if err != nil || key == nil {
		return store.Key{}, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("parity: the key of tags"))
	return store.Key{ID: redact.New(key, nil, nil).KeyID(), Secret: mac.Sum(nil)}, nil
}

// load reads a snapshot's file. One that the project's key does not
// authenticate gets a gap that says so; one that claims the key without being
// written with it is an error that wraps store.ErrForged. cfg is nil without a
// project.
func (a *App) load(file string, cfg *config.Config) (*parity.Snapshot, error) {
	key, err := a.storeKey(cfg)
	if err != nil {
		return nil, err
	}
	wrong := func(err error) error {
		what := "the snapshot cannot be read"
		if errors.Is(err, store.ErrForged) {
			what = "the snapshot is refused"
		}
		return &parity.Error{Code: parity.CodeUsage, Where: file, What: what, Hint: parity.HintOf(err), Err: unplaced(err)}
	}
	root, name := a.given(file)
	defer root.Close()
	p, err := root.Resolve(name)
	if err != nil {
		return nil, wrong(err)
	}
	f, err := p.FS.Open(p.Path)
	if err != nil {
		return nil, wrong(err)
	}
	defer f.Close()
	s, authentic, err := store.ReadAuthentic(f, store.DefaultLimits(), key)
	if err != nil {
		return nil, wrong(err)
	}
	if authentic != store.Authentic {
		s.Gaps = append(s.Gaps, notAuthentic(file, s.KeyID, key, authentic))
	}
	return s, nil
}

// notAuthentic is the gap of a snapshot that anybody may have written.
func notAuthentic(file, keyID string, key store.Key, a store.Authenticity) parity.Gap {
	g := parity.Gap{
		Source: file, Hides: parity.HidesNothing,
		Hint: "take it again with parity snapshot under this project's key, or accept it by name with gate.allow",
	}
	switch {
	case len(key.Secret) == 0:
		g.Reason = "the snapshot is not authenticated: there is no key here to check it with"
		g.Hint = "give the key that it was made with in PARITY_KEY or .parity/key, or accept it by name with gate.allow"
	case a == store.OtherKey, keyID != key.ID:
		g.Reason = "the snapshot is not authenticated: it was made under another key, or under none that lasts"
	default:
		g.Reason = "the snapshot is not authenticated: it has no tag, so anybody may have changed it"
	}
	return g
}

// tag authenticates a file of the cache, so that whoever can write there, and
// has not the key, cannot say what a source holds. The name is part of it: no
// file can stand in for another.
func (c *cache) tag(kind, name string, data []byte) []byte {
	mac := hmac.New(sha256.New, c.auth.Secret)
	for _, part := range []string{"parity: a file of the cache", kind, name} {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	mac.Write(data)
	return mac.Sum(nil)
}

// authentic gives the content of a cache's file without its tag; ok is false
// where the tag is wrong.
func (c *cache) authentic(kind, name string, file []byte) (data []byte, ok bool) {
	at := len(file) - sha256.Size
	if at < 0 || !hmac.Equal(file[at:], c.tag(kind, name, file[:at])) {
		return nil, false
	}
	return file[:at:at], true
}
