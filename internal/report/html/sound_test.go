package html

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/reporttest"
	"github.com/envparity/parity/internal/report/view"
)

// sound parses the page as a browser does and checks that its script and
// style are its own and allowed, that nothing comes from outside, and that no
// text became markup.
func sound(t testing.TB, data []byte) {
	t.Helper()
	reporttest.Harmless(t, data)
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	csp := ""
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		if !elements[n.Data] {
			t.Fatalf("element <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if !attributes[a.Key] {
				t.Fatalf("attribute %s of <%s>", a.Key, n.Data)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
				t.Fatalf("a link to %s", a.Val)
			}
			if a.Key == "content" && strings.HasPrefix(a.Val, "default-src") {
				csp = a.Val
			}
		}
		if n.Data == "script" && n.FirstChild.Data != script || n.Data == "style" && n.FirstChild.Data != style {
			t.Fatalf("<%s> is not as it was written", n.Data)
		}
	}
	for _, one := range []string{"script", "style", "title", "body", "main", "header", "h1"} {
		if count[one] != 1 {
			t.Fatalf("%d <%s>, want 1", count[one], one)
		}
	}
	if !strings.Contains(csp, digest(script)) || !strings.Contains(csp, digest(style)) || !strings.HasPrefix(csp, "default-src 'none'") {
		t.Fatalf("content security policy: %s", csp)
	}
}

var elements = set("html head meta title style body a header div p h1 h2 h3 h4 span ul li section svg rect details summary table thead tbody tfoot tr th td code i b dl dt dd article main footer script form label input button pre")

var attributes = set("lang charset http-equiv content name class href id aria-labelledby aria-hidden viewbox viewBox preserveaspectratio preserveAspectRatio width height scope colspan data-text data-filter data-open role hidden for type autocomplete spellcheck placeholder")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// Tables have heads, and every cell of the matrix says in words what its
// colour says.
func TestAccessible(t *testing.T) {
	doc, err := html.Parse(bytes.NewReader(render(t, reporttest.Shop(), view.Options{All: true})))
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "table":
			tables++
			if n.FirstChild == nil || !strings.Contains(textOf(n), "") || !has(n, "thead") {
				t.Error("a table without a head")
			}
		case "td":
			if classed(n, "full", "near", "some", "far", "none") && strings.TrimSpace(textOf(n)) == "" {
				t.Error("a cell that has nothing but a colour")
			}
		case "section":
			if attr(n, "aria-labelledby") == "" {
				t.Error("a section without a name")
			}
		}
	}
	if tables < 8 {
		t.Errorf("%d tables, the report has more", tables)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func classed(n *html.Node, classes ...string) bool {
	for _, c := range classes {
		if attr(n, "class") == c {
			return true
		}
	}
	return false
}

func has(n *html.Node, element string) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == element {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// Every difference of the groups that count is in the page, by fingerprint.
func TestNothingIsLeftOut(t *testing.T) {
	r := reporttest.Large(20, 30)
	page := string(render(t, r, view.Options{}))
	for _, g := range r.Groups {
		for _, d := range g.Differences {
			if strings.Contains(page, d.Fingerprint) != g.Counts {
				t.Errorf("%s: in the page is %v, counts is %v", d.Fingerprint, !g.Counts, g.Counts)
			}
		}
	}
}

func FuzzWrite(f *testing.F) {
	for _, s := range append(reporttest.Hostiles(), `"><img src=x onerror=alert(1)>`) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sound(t, render(t, reporttest.PoisonFew(s), view.Options{All: true}))
		r := &parity.Result{Project: s, Verdict: parity.Verdict{Reasons: []string{s}}}
		sound(t, render(t, r, view.Options{}))
	})
}
