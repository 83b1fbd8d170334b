package manifests

import (
	"bytes"
	"strconv"
	"strings"

	"helm.sh/helm/v3/pkg/chart"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// byChance reports whether a template of the chart may make other text at each
// rendering.
func byChance(c *chart.Chart) bool {
	for _, t := range c.Templates {
		for _, f := range []string{
			"rand", "genCA", "genSelfSignedCert", "genSignedCert", "genPrivateKey", "uuidv4", "now", "htpasswd",
			"bcrypt", "encryptAES", "shuffle", "dateInZone", "ago", "tpl",
		} {
			if bytes.Contains(t.Data, []byte(f)) && (f != "tpl" || valuesByChance(c)) {
				return true
			}
		}
	}
	for _, d := range c.Dependencies() {
		if byChance(d) {
			return true
		}
	}
	return false
}

// valuesByChance reports whether the chart's own values hold a template that may
// be rendered with tpl.
func valuesByChance(c *chart.Chart) bool {
	for _, f := range c.Raw {
		if f.Name == "values.yaml" && bytes.Contains(f.Data, []byte("{{")) {
			return true
		}
	}
	return false
}

// settle takes out of n what differs in its twin, which was rendered from the
// same: it says nothing of the environment. Each such place is a gap.
func (h *helmRun) settle(n, twin *doc.Node, file string) {
	if n.Get("kind").Str() != twin.Get("kind").Str() {
		return
	}
	g := parity.Gap{
		Kind: n.Get("kind").Str(), Name: n.At("metadata", "name").Str(), Where: file, Hides: parity.HidesParts,
		Reason: "the chart makes this value anew at each rendering, so its value in the environment is unknown",
	}
	if h.guessed {
		g.Reason = "the value follows from one that is not known here, such as an environment variable, or is made anew at each rendering"
	}
	h.differing(n, twin, "", g)
}

func (h *helmRun) differing(n, twin *doc.Node, at string, g parity.Gap) {
	switch n.Kind {
	case doc.Map:
		kept := n.Fields[:0]
		for _, f := range n.Fields {
			other := twin.Get(f.Key)
			p := at + "/" + f.Key
			if !alike(f.Value, other) {
				g.Path, _, _ = strings.Cut(p, "[")
				h.s.out.Gap(g)
				continue
			}
			h.differing(f.Value, other, p, g)
			kept = append(kept, f)
		}
		n.Fields = kept
	case doc.List:
		kept := n.Items[:0]
		for i, item := range n.Items {
			p := at + "[" + strconv.Itoa(i) + "]"
			if isPair(item) && !sameFields(item, twin.Items[i]) {
				g.Path, _, _ = strings.Cut(at, "[")
				h.s.out.Gap(g)
				continue
			}
			h.differing(item, twin.Items[i], p, g)
			kept = append(kept, item)
		}
		n.Items = kept
	}
}

// isPair reports whether an item is a name with its value, such as a variable:
// without the value it would say that the value is empty.
func isPair(n *doc.Node) bool {
	if n.Kind != doc.Map {
		return false
	}
	for i := range n.Fields {
		if k := n.Fields[i].Value.Kind; k == doc.Map || k == doc.List {
			return false
		}
	}
	return true
}

func sameFields(a, b *doc.Node) bool {
	for i := range a.Fields {
		if !alike(a.Fields[i].Value, b.Get(a.Fields[i].Key)) {
			return false
		}
	}
	return true
}

// alike reports whether two nodes have the same shape and, for scalars, the same
// text.
func alike(a, b *doc.Node) bool {
	if a == nil || b == nil || a.Kind != b.Kind || len(a.Items) != len(b.Items) {
		return false
	}
	for i := range a.Items {
		if a.Items[i].Kind != b.Items[i].Kind || !alikeScalar(a.Items[i], b.Items[i]) {
			return false
		}
	}
	return alikeScalar(a, b)
}

func alikeScalar(a, b *doc.Node) bool { return a.Text == b.Text && len(a.Items) == len(b.Items) }
