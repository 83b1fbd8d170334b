package view

import (
	"strings"

	"github.com/envparity/parity"
)

// maxNotRun is how many sources a sentence names.
const maxNotRun = 10

// Untrusted says in sentences what an untrusted comparison has not obeyed, run
// and looked at; none for a trusted one.
func Untrusted(u *parity.Untrusted) []string {
	if u == nil {
		return nil
	}
	out := []string{"Untrusted: the configuration is that of " + revision(u.Base) + ". What is compared was read as data; nothing of it was obeyed or run."}
	if len(u.Ignored) > 0 {
		out = append(out, "Not obeyed, as it differs from the base's: "+listed(u.Ignored)+".")
	}
	if len(u.NotRun) > 0 {
		names := make([]string, len(u.NotRun))
		for i, n := range u.NotRun {
			names[i] = n.Source + " (" + n.Reason + ")"
		}
		out = append(out, "Not run: "+listed(names)+".")
	}
	if len(u.Unnamed) > 0 {
		out = append(out, "New directories that no environment of the base names, and so not compared: "+listed(u.Unnamed)+".")
	}
	return out
}

// revision names a revision; a commit by its first digits.
func revision(rev string) string {
	if len(rev) >= 40 && strings.Trim(rev, "0123456789abcdef") == "" {
		return rev[:ShortLength]
	}
	return Line(rev)
}

// listed names some of the texts and counts the rest.
func listed(texts []string) string {
	shown := clean(texts[:min(len(texts), maxNotRun)])
	if rest := len(texts) - len(shown); rest > 0 {
		shown = append(shown, Count(rest, "other", "others"))
	}
	return strings.Join(shown, ", ")
}
