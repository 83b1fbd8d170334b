package loki

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity/internal/webapi"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]struct {
		format, fields, level string
	}{
		``:                    {"text", "", ""},
		`{}`:                  {"json", "", ""},
		` {"level":"WARN"} `:  {"json", "level", "warn"},
		`{"level":30,"a":{}}`: {"json", "a level", "info"},
		`{"log":{"level":"dbg"},"a":{"b":{"c":{"d":{"e":1}}}}}`:            {"json", "a.b.c.d log.level", "debug"},
		`{"a":[{"b":1}],"c":null,"severity_text":"Information"}`:           {"json", "a c severity_text", "info"},
		`{"by":{"8f14e45f-ceea-467f-a8d0-1234567890ab":1,"42":2}}`:         {"json", "by.{id}", ""},
		`{"what people say":1}`:                                            {"json", "{text}", ""},
		`{"a":1} and more`:                                                 {"text", "", ""},
		`{"a":1`:                                                           {"text", "", ""},
		`level=error msg="a \"b\" c=d" took=3ms`:                           {"logfmt", "level msg took", "error"},
		`ts=1 caller=a.go:1 level=warn err=`:                               {"logfmt", "caller err level ts", "warn"},
		`GET /x?a=b&c=d took=3`:                                            {"text", "", ""},
		`I0102 10:00:00 1 a.go:1] "it is" key="value"`:                     {"text", "", ""},
		`2026-01-01 10:00:00 [error] 12#0: open() failed`:                  {"text", "", "error"},
		`2026-01-01T10:00:00Z  INFO 1 --- [main] c.e.App : it is an ERROR`: {"text", "", "info"},
		`an error is no level here`:                                        {"text", "", ""},
	} {
		l := parse(text)
		got := strings.Join(slices.Sorted(maps.Keys(l.fields)), " ")
		if l.format != want.format || got != want.fields || l.level != want.level {
			t.Errorf("%s: %s with %q, level %q; want %+v", text, l.format, got, l.level, want)
		}
	}
}

func TestFieldName(t *testing.T) {
	for key, want := range map[string]string{
		"trace_id": "trace_id", "http.status": "http.status", "@timestamp": "@timestamp", "k8s.pod-name": "k8s.pod-name", "feedback": "feedback",
		"sha256": "sha256", "oauth2_client_id": "oauth2_client_id", "x509": "x509",
		"17": "{id}", "deadbeef01": "{id}", "user.8812": "user.{id}", "aGVsbG8gd29ybGQ1Mj3g9z8": "{id}", "7f3b9a2c-1111-2222-3333-444455556666": "{id}",
		"i0a1b2c3d4e5f": "{id}", "a b": "{text}", "": "{text}", strings.Repeat("x", 65): "{text}",
	} {
		if got := fieldName(key); got != want {
			t.Errorf("%q is %q, want %q", key, got, want)
		}
	}
}

func TestLevelBeside(t *testing.T) {
	for _, c := range []struct {
		text             string
		labels, metadata map[string]string
		want             string
	}{
		{`{"level":"error"}`, map[string]string{"level": "info"}, map[string]string{"detected_level": "warn"}, "error"},
		{`x`, map[string]string{"level": "info"}, map[string]string{"detected_level": "warn"}, "info"},
		{`x`, map[string]string{"level": "info"}, map[string]string{"severity_text": "DEBUG"}, "debug"},
		{`x`, nil, map[string]string{"detected_level": "warn"}, "warn"},
		{`x`, map[string]string{"detected_level": "critical"}, nil, "critical"},
		{`x`, map[string]string{"level": "who knows"}, map[string]string{"detected_level": "unknown"}, ""},
	} {
		l := parse(c.text)
		if got := l.levelWith(c.labels, c.metadata); got != c.want {
			t.Errorf("%s with %v and %v: %q, want %q", c.text, c.labels, c.metadata, got, c.want)
		}
	}
}

func TestClock(t *testing.T) {
	for text, want := range map[string]string{
		`{"ts":1700000000.25}`: "unix-s", `{"time":1700000000000}`: "unix-ms", `{"@timestamp":"2026-01-02T03:04:05.678Z"}`: "rfc3339",
		`{"timestamp":"2026-01-02T03:04:05+01:00","time":1}`: "rfc3339", `{"asctime":"2026-01-02 03:04:05,678"}`: "without-zone",
		`{"time":"2026-01-02T03:04:05"}`: "without-zone", `{"time":"2026-01-02 03:04"}`: "other", `{"time":"noon"}`: "other", `{"time":3}`: "other",
		`{"time":""}`: "", `{"time":null}`: "", `{"time":{"s":1}}`: "", `{"times":1700000000}`: "", `{"took":1700000000}`: "",
		`ts=1700000000000000 level=info`: "unix-us", `level=info ts="1700000000000000000"`: "unix-ns", `time=2026-01-02T03:04:05Z a=b`: "rfc3339",
		`{"nested":{"time":"2026-01-02T03:04:05Z"}}`: "", `it is 2026-01-02T03:04:05Z`: "",
	} {
		if got := parse(text).clock; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if got := clockOfNumber(1e21); got != otherClock {
		t.Error(got)
	}
}

// TestManyServices holds that ids in the place of names of services do not fill
// the memory.
func TestManyServices(t *testing.T) {
	s := &session{naming: []string{"job"}}
	found := map[string]*service{}
	counts := map[standing]int{}
	for i := range maxFound + 5 {
		counts[s.stream(found, map[string]string{"job": fmt.Sprint(i)})]++
	}
	counts[s.stream(found, map[string]string{"job": "1"})]++
	counts[s.stream(found, map[string]string{"a": "1"})]++
	if diff := cmp.Diff(map[standing]int{isKnown: maxFound + 1, isBeyond: 5, isNameless: 1}, counts); diff != "" || len(found) != maxFound {
		t.Errorf("%d are known (-want +got):\n%s", len(found), diff)
	}
}

// TestManyNames holds that names are bounded, and that a bound that was met is
// known.
func TestManyNames(t *testing.T) {
	s := newSample()
	for i := range 3 * maxCounted {
		s.add(fmt.Sprintf(`{"msg":"x","name_%s":1}`, strings.Repeat("x", i%50)+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676%26))), nil, nil)
	}
	if len(s.fields) != maxCounted || !s.full || s.fields["msg"] != 3*maxCounted {
		t.Errorf("%d names, full is %v, %d lines have msg", len(s.fields), s.full, s.fields["msg"])
	}
}

func TestParseWindow(t *testing.T) {
	for text, want := range map[string]time.Duration{"": time.Hour, "30m": 30 * time.Minute, "2d": 48 * time.Hour, "1h30m": 90 * time.Minute, "5s": 0, "-1h": 0, "1000000d": 0, "d": 0, "x": 0} {
		got, err := parseWindow(text)
		if got != want || (err != nil) != (want == 0) {
			t.Errorf("%q is %s, %v", text, got, err)
		}
	}
}

// FuzzParse holds that a line of any bytes has a form, and that what is a JSON
// object is taken for one.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{``, `{"a":{"b":[1,{"c":"d"}]},"level":"x"}`, `a=b c="d e" f`, `{"a":`, "{\"a\":{}}\x00", `="`, `[ERROR]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := parse(text)
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &object) == nil && object != nil && l.format != jsonFormat {
			t.Errorf("an object of JSON is %s", l.format)
		}
		if len(l.fields) > maxKeys || l.level != "" && levelOf(l.level) != l.level {
			t.Errorf("%d fields, level %q", len(l.fields), l.level)
		}
		for name := range l.fields {
			if strings.ContainsAny(name, " ]\n\"=") {
				t.Errorf("a field is called %q", name)
			}
		}
	})
}

// FuzzAnswer holds that an answer of any bytes is read or refused, and that no
// more lines are read than were asked for.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"a":"b"},"values":[["1","{}"],["2","x",{"structuredMetadata":{"m":"n"},"parsed":{}}]]}],"stats":{}},"warnings":["w"]}`,
		`{"status":"success","data":{"resultType":"matrix","result":[]}}`, `{"status":"success","data":{"result":[{"values":[[]]}]}}`,
		`{"status":"success","data":{"result":[{"values":[["1","a",{"structuredMetadata":null}]],"stream":null}]}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		found := newSample()
		_, err := webapi.ReadEnvelope(strings.NewReader(body), func(d *json.Decoder) error { return readStreams(d, &service{labels: map[string]bool{}}, 0, found) })
		if err == nil && !json.Valid([]byte(firstValue(body))) {
			t.Error("what is no JSON is read")
		}
		if found.total() > partLines {
			t.Errorf("%d lines are read", found.total())
		}
		total := 0
		for _, n := range found.formats {
			total += n
		}
		if diff := cmp.Diff(found.total(), total); diff != "" {
			t.Errorf("lines without a form: %s", diff)
		}
	})
}

// firstValue gives the first value of JSON in a text, which may have more.
func firstValue(text string) string {
	var raw json.RawMessage
	if json.NewDecoder(strings.NewReader(text)).Decode(&raw) != nil {
		return text
	}
	return string(raw)
}
