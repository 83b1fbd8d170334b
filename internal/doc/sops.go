package doc

import "strings"

// sopsPrefix begins the names of the metadata that SOPS keeps in files whose
// values have no depth.
const sopsPrefix = "sops_"

// StripSOPS takes away what SOPS keeps of itself in a document that it
// encrypted: recipients, versions, times and a checksum, which say nothing of
// the settings and are others each time the file is encrypted. It reports
// whether it did.
func StripSOPS(n *Node) bool {
	if n == nil || n.Kind != Map {
		return false
	}
	metadata := func(f *Field) bool { return f.Key == "sops" }
	switch {
	case n.At("sops", "mac") != nil:
	case n.Get(sopsPrefix+"mac") != nil:
		metadata = func(f *Field) bool { return strings.HasPrefix(f.Key, sopsPrefix) }
	default:
		return false
	}
	kept := make([]Field, 0, len(n.Fields))
	for i := range n.Fields {
		if !metadata(&n.Fields[i]) {
			kept = append(kept, n.Fields[i])
		}
	}
	n.Fields = kept
	return true
}
