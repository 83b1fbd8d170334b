package kube

import (
	"encoding/base64"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// done are the fields of an object that special has read.
type done []string

func (d done) has(name string) bool {
	for _, s := range d {
		if s == name {
			return true
		}
	}
	return false
}

// special reads what only some kinds have: a ConfigMap's and a Secret's data,
// encrypted values, and the metadata of SOPS.
func (w *walker) special(obj *doc.Node) done {
	var d done
	switch {
	case w.kind == "ConfigMap" && w.key.Group == "":
		d = append(d, "data", "binaryData")
		w.configData(obj.Get("data"))
		w.binaryData(obj.Get("binaryData"))
	case w.kind == "Secret": // of whatever group: better hidden than shown
		d = append(d, "data", "stringData")
		w.secretData(obj)
	}
	if sops := obj.Get("sops"); sops != nil && sops.Kind == doc.Map && sops.Get("mac") != nil {
		d = append(d, "sops")
		w.sops(sops)
	}
	return d
}

// secretData reads data and stringData as one: the latter wins.
func (w *walker) secretData(obj *doc.Node) {
	plain := obj.Get("stringData")
	at := w.push("data")
	if data := obj.Get("data"); data != nil && data.Kind == doc.Map {
		for i := range data.Fields {
			if f := &data.Fields[i]; plain.Get(f.Key) == nil {
				w.secretKey(f, decoded(f.Value.Str()), 0)
			}
		}
	} else if data != nil && data.Kind != doc.Null {
		w.emit(data, parity.Value{Kind: parity.Secret, Raw: data.Text}, 0)
	}
	if plain != nil && plain.Kind == doc.Map {
		for i := range plain.Fields {
			w.secretKey(&plain.Fields[i], plain.Fields[i].Value.Str(), parity.SetOf(parity.SecretForm))
		}
	} else if plain != nil && plain.Kind != doc.Null {
		w.emit(plain, parity.Value{Kind: parity.Secret, Raw: plain.Text}, 0)
	}
	w.pop(at)
}

// nestedSecret reads the data of a Secret that stands inside another object,
// and reports whether it is one.
func (w *walker) nestedSecret(n *doc.Node, f *doc.Field) bool {
	if f.Key != "data" && f.Key != "stringData" || f.Value.Kind != doc.Map || n.Get("kind").Str() != "Secret" {
		return false
	}
	at := w.push(f.Key)
	for i := range f.Value.Fields {
		text := f.Value.Fields[i].Value.Str()
		if f.Key == "data" {
			text = decoded(text)
		}
		w.secretKey(&f.Value.Fields[i], text, 0)
	}
	w.pop(at)
	return true
}

func (w *walker) secretKey(f *doc.Field, text string, rules parity.RuleSet) {
	if value.Encrypted(text) {
		text = ""
	}
	at := w.push(f.Key)
	w.emit(f.Value, parity.Value{Kind: parity.Secret, Raw: text}, rules)
	w.pop(at)
}

// decoded is the value behind base64, or the text where it is none.
func decoded(text string) string {
	if b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); err == nil {
		return string(b)
	}
	return text
}

// sealed reads the keys of a sealed secret: what is encrypted differs each
// time, so presence is all that can be compared.
func (w *walker) sealed(n *doc.Node) bool {
	if n.Kind != doc.Map {
		return false
	}
	for i := range n.Fields {
		at := w.push(n.Fields[i].Key)
		w.emit(n.Fields[i].Value, parity.Value{Kind: parity.Secret}, parity.SetOf(parity.SecretForm))
		w.pop(at)
	}
	return true
}

// sops notes that SOPS encrypted the object. What it keeps of itself, such as
// recipients, versions and a checksum, says nothing of the object.
func (w *walker) sops(n *doc.Node) {
	at := w.push("sops")
	w.emit(n, parity.Value{Kind: parity.Secret}, parity.SetOf(parity.ControllerNotes))
	w.pop(at)
}
