// Package otlp reads OTLP in JSON: traces and metrics, as the collector's file
// exporter writes them and as trace servers answer.
package otlp

import (
	"github.com/envparity/parity/internal/jsonwalk"
	"github.com/envparity/parity/internal/naming"
)

// attributes are those of a span, a point or a resource: all names, and the
// texts of those that are wanted.
type attributes struct {
	names []string
	texts map[string]string
	// hash is of all names and texts, whatever their order.
	hash uint64
}

// text gives the text of an attribute that was wanted.
func (a *attributes) text(name string) string { return a.texts[name] }

func (a *attributes) reset() {
	a.names, a.hash = a.names[:0], 0
	clear(a.texts)
}

// read adds a list of attributes. wanted says whose texts are kept.
func (a *attributes) read(w *jsonwalk.Walker, wanted func(string) bool) {
	w.Array(func() {
		key, value := "", ""
		w.Object(func(field []byte) {
			switch string(field) {
			case "key":
				key = w.Text()
			case "value":
				value = anyValue(w)
			}
		})
		if key == "" {
			return
		}
		a.names = append(a.names, key)
		a.hash += mix(hashText(key), hashText(value))
		if value == "" || !wanted(key) {
			return
		}
		if a.texts == nil {
			a.texts = map[string]string{}
		}
		a.texts[key] = value
	})
}

// anyValue gives a simple value as text; lists and maps give nothing.
func anyValue(w *jsonwalk.Walker) string {
	text := ""
	w.Object(func(field []byte) {
		switch string(field) {
		case "stringValue", "intValue", "boolValue", "doubleValue":
			text = w.Text()
		}
	})
	return text
}

// Reader reads documents. Its parts share names.
type Reader struct {
	Naming naming.Config
	// Span takes spans; they are left out where it is nil.
	Span SpanFunc
	// Point takes points of metrics; they are left out where it is nil. What
	// it points to is good until it returns.
	Point func(*Point)

	shared   shared
	resource attributes
	own      attributes
}

// Document reads one document: what an exporter sends at once, or what a
// trace server answers. known reports whether it held traces or metrics at all.
func (r *Reader) Document(text []byte) (known bool, err error) {
	w := jsonwalk.New(text)
	known = r.object(w)
	return known, w.End()
}

func (r *Reader) object(w *jsonwalk.Walker) (known bool) {
	w.Object(func(key []byte) {
		switch string(key) {
		case "resourceSpans", "batches":
			known = true
			w.Array(func() { r.resourced(w, "scopeSpans", "instrumentationLibrarySpans", r.spans) })
		case "resourceMetrics":
			known = true
			w.Array(func() { r.resourced(w, "scopeMetrics", "instrumentationLibraryMetrics", r.metrics) })
		case "resourceLogs":
			known = true // logs are another source's
		case "trace", "result": // as Tempo and Jaeger wrap it
			known = r.object(w) || known
		}
	})
	return known
}

// resourced reads what belongs to one resource. The resource may stand behind
// what is its own.
func (r *Reader) resourced(w *jsonwalk.Walker, scopes, old string, each func(*jsonwalk.Walker)) {
	r.resource.reset()
	var marks []int
	w.Object(func(key []byte) {
		switch k := string(key); {
		case k == "resource":
			w.Object(func(key []byte) {
				if string(key) == "attributes" {
					r.resource.read(w, r.Naming.Wanted)
				}
			})
		case k == scopes || k == old:
			if len(marks) < 64 {
				marks = append(marks, w.Mark())
			}
		}
	})
	end := w.Mark()
	for _, mark := range marks {
		w.Back(mark)
		w.Array(func() { each(w) })
	}
	w.Back(end)
}
