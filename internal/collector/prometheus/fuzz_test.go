package prometheus

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/trust"
	"github.com/envparity/parity/internal/webapi"
)

// FuzzStructure lets a server answer every question with the same bytes. None
// may panic, a subject must have a kind, and what is read must be told.
func FuzzStructure(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `[]`, `{"status":"success"}`, `{"status":"success","data":null}`,
		`{"status":"success","data":["a","b_bucket","b_count","b_sum","c_total"]}`,
		`{"status":"success","data":{"groups":[{"name":"g","interval":1,"rules":[{"type":"alerting","name":"a","query":"up == 0","labels":{"x":"y"}},{"type":"recording","name":"a","query":"\"","health":"ok"}]}]}}`,
		`{"status":"success","data":{"activeTargets":[{"labels":{"job":"j","instance":"http://[::1]:80"},"scrapeUrl":"%zz","lastError":"x509","health":"down"}]}}`,
		`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"a","job":"j"},"values":[[1,"1"],[2,"NaN"],3]}]},"warnings":["w"]}`,
		`{"status":"success","data":{"yaml":"global:\n  scrape_interval: 15s\n  external_labels: {a: b}\nother: &a [*a]\n"}}`,
		`{"status":"success","data":{"a":[{"type":"counter","unit":"s"},{"type":"gauge"}],"version":"1","storageRetention":"15d or 1GB","activeAlertmanagers":[{}]}}`,
	} {
		f.Add(seed)
	}
	declared := collector.Registry{New()}.Kinds()
	var body atomic.Value // one server for all executions: to start one takes longer than to ask it
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body.Load().(string)) }))
	f.Cleanup(s.Close)
	client, err := webapi.New(webapi.Config{URL: s.URL}, os.LookupEnv, trust.Allowed{}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(client.Close)
	f.Fuzz(func(t *testing.T, text string) {
		body.Store(text)
		r := newRecord()
		if err := (&structure{Queries: webapi.Queries{Client: client}, out: r, naming: naming.Config{}, now: time.Unix(1e9, 0), window: time.Hour}).read(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(r.gaps) == 0 {
			t.Error("one answer to all questions gives no gap")
		}
		for k := range r.subjects {
			if !declared.Named(k.Kind).Telemetry {
				t.Errorf("a subject of kind %q", k.Kind)
			}
		}
	})
}

// FuzzAnswer holds that the envelope is read or refused, and that reading over
// a value ends where decoding it does.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"status":"success","data":{"a":[1,{"b":null}]},"warnings":[]}`)
	f.Add(`{"data":[`)
	f.Fuzz(func(t *testing.T, body string) {
		skipped, decoded := false, false
		_, skipErr := webapi.ReadEnvelope(strings.NewReader(body), func(d *json.Decoder) error { skipped = true; return webapi.SkipValue(d) })
		_, decodeErr := webapi.ReadEnvelope(strings.NewReader(body), func(d *json.Decoder) error {
			decoded = true
			var v any
			return d.Decode(&v)
		})
		if decodeErr == nil && (skipErr != nil || skipped != decoded) {
			t.Errorf("decoded, but reading over it gives %v", skipErr)
		}
	})
}

// FuzzExpression holds that any text has a normal form that does not grow
// without bound.
func FuzzExpression(f *testing.F) {
	f.Add(`sum by (le) (rate(x{env="staging", a!~'b'}[5m])) > 1 # note`)
	f.Add("`a` \"unfinished")
	match := []matcher{{name: "env", op: "=", value: "staging"}}
	f.Fuzz(func(t *testing.T, text string) {
		if n := len(normalExpression(text, match)); n > 12*len(text)+16 {
			t.Errorf("%d bytes became %d", len(text), n)
		}
	})
}

// FuzzMatcher holds that what is taken for a matcher is written so that it is
// read again as the same.
func FuzzMatcher(f *testing.F) {
	for _, seed := range []string{`env="staging"`, `"service.name" =~ 'a|b'`, "a!=`x`", `a="`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := parseMatcher(text)
		if !ok {
			return
		}
		again, ok := parseMatcher(m.text)
		if !ok || again.name != m.name || again.op != m.op || again.value != m.value || again.text != m.text {
			t.Errorf("%q became %q, which is read as %+v", text, m.text, again)
		}
	})
}
