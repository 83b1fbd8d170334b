// Package collectortest is what every collector must pass: it cancels
// promptly, reports failure as a gap, reads the same from the same input, lets
// no secret through, and documents itself.
package collectortest

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/collector"
)

// Case is one input of a collector.
//
// In the contents of Files these stand for a secret: %SECRET% for its text
// (which holds quotes and a letter beyond ASCII), %SECRET_WORD% for one of
// letters and digits alone, %SECRET_BASE64%, %SECRET_URL% and %SECRET_JSON%
// for encodings of the first. None of them may be found in what comes out.
type Case struct {
	Name      string
	Collector collector.Collector
	// Files are written below the project's directory, by slash-separated
	// path. They are good: reading them gives no gap.
	Files map[string]string
	// Config is a pointer as NewConfig returns it. Its paths are relative to
	// the project's directory.
	Config any
	// Facts are paths of facts that must be there, among others: at least one.
	Facts []string
	// Broken are inputs that must give a gap.
	Broken []Broken
	// NoFiles says that the collector reads no file by itself: what a
	// revision of git or a missing permission changes does not apply.
	NoFiles bool
	// Now is when the column is read; 1970 where it is zero.
	Now time.Time
}

// Broken is a case made bad.
type Broken struct {
	Name string
	// Files are over those of the case.
	Files map[string]string
	// Remove are files of the case that are not there.
	Remove []string
	// Config is that of the case where it is nil.
	Config any
	// Keeps is set where some of the case's facts can still be read.
	Keeps bool
	// Reason is a part of the gap's reason.
	Reason string
}

// The secret, its core that survives in every encoding but base64, and what
// stands for them.
const (
	core   = "hunter2MARKER9x"
	secret = `p"4/` + core + `+ä`
)

// placeholders fills secrets into a file's content.
var placeholders = strings.NewReplacer(
	"%SECRET_BASE64%", base64.StdEncoding.EncodeToString([]byte(secret)),
	"%SECRET_URL%", url.QueryEscape(secret),
	"%SECRET_JSON%", `p\"4\/`+core+`+\u00e4`,
	"%SECRET_WORD%", core,
	"%SECRET%", secret,
)

// Fill puts the secret in the place of what stands for it in a text that is no
// file of a case: objects that a test gives to a server.
func Fill(text string) string { return placeholders.Replace(text) }

// leaks gives the texts by which a secret would be recognised.
func leaks() []string {
	found := []string{core, strings.ToLower(core), url.QueryEscape(secret)}
	for shift := range 3 {
		// Base64 of the core as it looks at each place that it may begin.
		padded := strings.Repeat("x", shift) + core
		encoded := base64.StdEncoding.EncodeToString([]byte(padded))
		found = append(found, encoded[4:len(encoded)-4])
	}
	return found
}

// project writes the files of a case, changed by a broken one, and gives the
// directory.
func project(t *testing.T, c Case, b Broken) string {
	t.Helper()
	dir := t.TempDir()
	for _, files := range []map[string]string{c.Files, b.Files} {
		for name, content := range files {
			full := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
				t.Fatal(err)
			}
			mode := os.FileMode(0o600)
			if strings.HasPrefix(content, "#!") {
				mode = 0o700
			}
			if err := os.WriteFile(full, []byte(placeholders.Replace(content)), mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range b.Remove {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// now is when the case's column is read.
func (c Case) now() time.Time {
	if c.Now.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return c.Now
}
