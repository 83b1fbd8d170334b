package grouping

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/envparity/parity"
)

// ids gives groups their identifiers: digests of their keys, which hold no
// values.
type ids struct {
	keys   []string
	groups map[string]*parity.Group
}

func newIDs() *ids { return &ids{groups: map[string]*parity.Group{}} }

func (x *ids) add(key string, g *parity.Group) {
	x.keys = append(x.keys, key)
	x.groups[key] = g
}

// assign gives each group eight hexadecimal digits. Where two keys have the same,
// the later of them in order is digested again.
func (x *ids) assign() {
	slices.Sort(x.keys)
	taken := map[string]bool{}
	for _, key := range x.keys {
		text := key
		for {
			sum := sha256.Sum256([]byte(text))
			id := hex.EncodeToString(sum[:4])
			if !taken[id] {
				taken[id] = true
				x.groups[key].ID = id
				break
			}
			text += "\x00"
		}
	}
}
