package kube

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
	"golang.org/x/text/unicode/norm"
)

// configLimits bound what a value of a ConfigMap may hold; etcd allows 1 MiB.
var configLimits = doc.Limits{Nodes: 200_000, Depth: 100, Bytes: 4 << 20}

// configData reads a ConfigMap's data: structured text as structure.
func (w *walker) configData(n *doc.Node) {
	if n == nil {
		return
	}
	base := w.push("data")
	if n.Kind != doc.Map {
		w.untyped(n, "")
		w.pop(base)
		return
	}
	for i := range n.Fields {
		at := w.push(n.Fields[i].Key)
		w.configValue(n.Fields[i].Key, n.Fields[i].Value)
		w.pop(at)
	}
	w.pop(base)
}

func (w *walker) configValue(key string, n *doc.Node) {
	switch text := n.Text; {
	case n.Kind == doc.Map || n.Kind == doc.List || n.Kind == doc.Null:
		w.untyped(n, "")
	case value.Encrypted(text):
		w.emit(n, parity.Value{Kind: parity.Secret}, 0)
	case strings.Contains(text, "-----BEGIN "):
		w.pem(n)
	case mayEmbed(key, text) && w.embedded(key, n):
	case strings.Contains(text, "\n"):
		w.emitText(n)
	default:
		e := w.here()
		v, rules := w.textValue(e.path, text)
		if rules.Has(parity.ScalarForm) {
			v, rules = parity.Value{Kind: v.Kind, Raw: text}, 0
		}
		w.emitAt(e, n, v, rules)
	}
}

// mayEmbed reports whether it is worth to look for structure.
func mayEmbed(key, text string) bool {
	return strings.IndexByte(key, '.') >= 0 || strings.IndexByte(text, '\n') >= 0 || text != "" && (text[0] == '{' || text[0] == '[')
}

// embedded reads structured text below the path of its key.
func (w *walker) embedded(key string, n *doc.Node) bool {
	root, _, ok := doc.Embedded(key, n.Text, configLimits)
	if !ok {
		return false
	}
	if w.rec.texts == nil {
		w.rec.texts = map[string]string{}
	}
	w.rec.texts[string(w.path)] = n.Text
	doc.StripSOPS(root)
	extra, fixed, builtin := w.extra, w.fixed, w.builtin
	w.extra, w.fixed, w.builtin = extra.With(parity.EmbeddedText), n, false
	switch {
	case root.Kind == doc.Null || empty(root):
		// A file with nothing in it is there all the same.
		w.emit(root, parity.Value{Kind: parity.Null, Raw: emptyText(root), Canon: "null"}, 0)
	default:
		w.untyped(root, "")
	}
	w.extra, w.fixed, w.builtin = extra, fixed, builtin
	return true
}

// emitText emits the contents of a file: line ends, newlines at its end and
// the form of its letters say nothing.
func (w *walker) emitText(n *doc.Node) {
	v := parity.Value{Kind: parity.Text, Raw: n.Text}
	canon := n.Text
	if strings.IndexByte(canon, '\r') >= 0 {
		canon = strings.ReplaceAll(canon, "\r\n", "\n")
	}
	canon = strings.TrimRight(canon, "\n")
	if !norm.NFC.IsNormalString(canon) {
		canon = norm.NFC.String(canon)
	}
	if canon == n.Text {
		w.emit(n, v, 0)
		return
	}
	v.Canon = canon
	w.emit(n, v, parity.SetOf(parity.TextForm))
}

// maxBinary is the longest binary value that is kept as it is.
const maxBinary = 1024

func (w *walker) binaryData(n *doc.Node) {
	if n == nil || n.Kind != doc.Map {
		return
	}
	base := w.push("binaryData")
	for i := range n.Fields {
		f := &n.Fields[i]
		at := w.push(f.Key)
		v := parity.Value{Kind: parity.Text, Raw: f.Value.Str()}
		if len(v.Raw) > maxBinary {
			sum := sha256.Sum256([]byte(v.Raw))
			v.Raw = "sha256:" + hex.EncodeToString(sum[:]) + ", " + strconv.Itoa(len(v.Raw)) + " letters of base64"
		}
		w.emit(f.Value, v, 0)
		w.pop(at)
	}
	w.pop(base)
}
