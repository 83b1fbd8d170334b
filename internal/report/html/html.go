// Package html writes a result as one HTML file that needs nothing else: its
// style and its script are in it, its content security policy allows nothing
// from outside, and without a script it still shows everything.
package html

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"sync"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

//go:embed assets/report.gohtml
var source string

//go:embed assets/report.css
var style string

//go:embed assets/report.js
var script string

// pageTemplate is the page's template, parsed once: the first page that is
// written with it escapes it too, which costs more than most pages.
var pageTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("report").Funcs(functions()).Parse(source)
})

// Write writes the page. It holds every difference; those that do not count
// only where the options ask for them.
func Write(w io.Writer, r *parity.Result, o view.Options) error {
	t, err := pageTemplate()
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := t.Execute(&buf, pageOf(r, o)); err != nil {
		return err
	}
	_, err = w.Write(buf.Bytes())
	return err
}

// policy is the content security policy: the page's own style and script, by
// digest, and nothing else.
func policy() string {
	return "default-src 'none'; style-src '" + digest(style) + "'; script-src '" + digest(script) +
		"'; base-uri 'none'; form-action 'none'"
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// functions are what the template calls beside the page's fields. Text of the
// result goes through line or is prepared by the page.
func functions() template.FuncMap {
	return template.FuncMap{
		"line":         view.Line,
		"sharedSecret": view.SharedSecret,
		"int":          view.Int,
		"count":        view.Count,
		"percent":      view.Percent,
		"short":        view.Short,
	}
}
