package collector_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

// linesConfig configures a collector as small as one can be: a file of lines
// "name=value".
type linesConfig struct {
	Path string `yaml:"path" required:"true" doc:"The file."`
}

func lines() collector.Collector {
	return collector.New(collector.Manifest{
		Name: "lines", Summary: "Lines of a file.", Doc: "It reads name=value.", Kinds: []kinds.Kind{{Name: "lines", Format: "lines"}}, Role: parity.Desired,
		Surfaces: []parity.Surface{parity.Config},
		Detect:   func(place.Place) int { return 1 },
		FromPath: func(path string) any { return &linesConfig{Path: path} },
	}, collectLines)
}

func collectLines(ctx context.Context, in collector.Input, cfg linesConfig, out collector.Sink) error {
	p, err := in.Root.Resolve(cfg.Path)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	data, err := fs.ReadFile(p.FS, p.Path)
	if err != nil {
		return &parity.Error{Code: parity.CodeUnavailable, Where: p.Show(), What: "the file cannot be read", Err: errors.New("permission")}
	}
	origin := &parity.Origin{File: p.Show(), Precision: parity.AtLine}
	var facts []parity.Fact
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			out.Gap(parity.Gap{Name: p.Path, Reason: "a line has no '='", Where: fmt.Sprintf("%s:%d", p.Show(), i+1)})
			continue
		}
		facts = append(facts, parity.Fact{Path: "/" + name, Value: parity.Value{Kind: parity.Text, Raw: value}, Surface: parity.Config, Origin: origin, Line: int32(i + 1)})
	}
	out.Subject(parity.Subject{Key: parity.Key{Kind: "lines", Name: "lines"}, Origin: origin}, facts)
	out.Tool("lines", "1")
	return nil
}

func TestConformanceOfASmallCollector(t *testing.T) {
	collectortest.Run(t, collectortest.Case{
		Name: "lines", Collector: lines(), Config: &linesConfig{Path: "a.txt"},
		Files: map[string]string{"a.txt": "b=1\nDB_PASSWORD=%SECRET%\nurl=https://u:%SECRET_URL%@example.com\na=2\n"},
		Facts: []string{"/a", "/b", "/DB_PASSWORD", "/url"},
		Broken: []collectortest.Broken{
			{Name: "no equals sign", Files: map[string]string{"a.txt": "a=1\n%SECRET_WORD%\n"}, Keeps: true, Reason: "no '='"},
			{Name: "gone", Remove: []string{"a.txt"}, Reason: "no such file"},
		},
	})
}

// made is a collector that does what the test wants.
func made(name string, do func(ctx context.Context, in collector.Input, out collector.Sink) error) collector.Configured {
	c := collector.New(collector.Manifest{Name: name}, func(ctx context.Context, in collector.Input, _ struct{}, out collector.Sink) error {
		return do(ctx, in, out)
	})
	return collector.Configured{Collector: c, Config: &struct{}{}, Name: "staging: " + name}
}

func input(sources ...collector.Configured) collector.RunInput {
	return collector.RunInput{
		Column: parity.Column{Environment: "staging"}, Sources: sources, Root: place.Dir("."),
		Redactor: redact.New([]byte("k"), nil, nil), Now: time.Unix(7, 0),
	}
}

func fact(path, raw string) parity.Fact {
	return parity.Fact{Path: path, Value: parity.Value{Kind: parity.Text, Raw: raw}}
}

func yields(name string, facts ...parity.Fact) func(context.Context, collector.Input, collector.Sink) error {
	return func(_ context.Context, _ collector.Input, out collector.Sink) error {
		out.Subject(parity.Subject{Key: parity.Key{Kind: "k", Name: name}}, append([]parity.Fact(nil), facts...))
		return nil
	}
}

func TestRunMergesInOrder(t *testing.T) {
	a := made("a", yields("z", fact("/b", "1"), fact("/a", "2"), fact("/b", "3"), fact("/b#2", "4")))
	b := made("b", yields("m", fact("/x", "1")))
	c := made("c", yields("m", fact("/w", "1")))
	var want *parity.Snapshot
	for _, order := range [][]collector.Configured{{a, b, c}, {c, b, a}, {b, a, c}} {
		got, err := collector.Run(t.Context(), input(order...))
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the order of sources matters:\n%s", diff)
		}
	}
	var keys []string
	for _, sf := range want.Subjects {
		for _, f := range sf.Facts {
			keys = append(keys, sf.Subject.Name+f.Path+"="+f.Value.Raw)
		}
	}
	if diff := cmp.Diff([]string{"m/w=1", "m/x=1", "z/a=2", "z/b=1", "z/b#2=4", "z/b#3=3"}, keys); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if want.Digest != want.ContentDigest() || want.KeyID == "" || !want.Time.Equal(time.Unix(7, 0)) {
		t.Errorf("digest %q, key %q, time %s", want.Digest, want.KeyID, want.Time)
	}
}

func TestFailureIsAGapOfItsSourceAlone(t *testing.T) {
	log := &bytes.Buffer{}
	in := input(
		made("good", yields("m", fact("/x", "1"))),
		made("fails", func(context.Context, collector.Input, collector.Sink) error {
			return &parity.Error{Code: parity.CodeUnavailable, Where: "a.yaml:3", What: "it is broken", Hint: "mend it", Err: errors.New("password: hunter2")}
		}),
		made("wrapped", func(context.Context, collector.Input, collector.Sink) error {
			return fmt.Errorf("chart x: %w", &parity.Error{Where: "b.yaml", What: "it is gone"})
		}),
		made("panics", func(_ context.Context, _ collector.Input, out collector.Sink) error {
			out.Subject(parity.Subject{Key: parity.Key{Kind: "k", Name: "half"}}, []parity.Fact{fact("/y", "1")})
			panic("password=hunter2")
		}),
		made("records", func(_ context.Context, _ collector.Input, out collector.Sink) error {
			out.Gap(parity.Gap{Kind: "Secret", Reason: "token: hunter2hunter2", Where: "https://u:hunter2@example.com"})
			return nil
		}),
	)
	in.Log = slog.New(slog.NewTextHandler(log, nil))
	got, err := collector.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if got.Facts() != 2 {
		t.Errorf("%d facts, want those of the good source and what the panicking one had yielded", got.Facts())
	}
	var reasons []string
	for _, g := range got.Gaps {
		reasons = append(reasons, g.Source+" | "+g.Kind+" | "+g.Where+" | "+g.Reason+" | "+g.Hint)
	}
	want := []string{
		"staging: fails |  | a.yaml:3 | it is broken: password: [secret 16651b3b] | mend it",
		"staging: panics |  |  | the collector panics failed through a fault of its own | please report it, with the log",
		"staging: records | Secret | https://u:[secret 16651b3b]@example.com | token: [secret 194b1e8e] | ",
		"staging: wrapped |  | b.yaml | chart x: b.yaml: it is gone | ",
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	if !strings.Contains(log.String(), "collector=panics") || strings.Contains(log.String(), "hunter2") {
		t.Errorf("the log is\n%s", log)
	}
}

func TestRunLimitsConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(context.Context, collector.Input, collector.Sink) error {
			time.Sleep(time.Second)
			return nil
		}
		in := input(made("a", slow), made("b", slow), made("c", slow), made("d", slow))
		in.Concurrency = 2
		begin := time.Now()
		if _, err := collector.Run(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("four sources of a second each, two at once, take %s", took)
		}
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	defer goleak.VerifyNone(t)
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	deaf := made("deaf", func(context.Context, collector.Input, collector.Sink) error {
		cancel()
		<-release
		return nil
	})
	in := input(deaf, made("waits", yields("m")))
	in.Concurrency = 1
	if _, err := collector.Run(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want context.Canceled", err)
	}
	close(release)
}

func TestRunNeedsARedactor(t *testing.T) {
	if _, err := collector.Run(t.Context(), collector.RunInput{}); parity.CodeOf(err) != parity.CodeInternal || err == nil {
		t.Errorf("error is %v", err)
	}
}

func TestOriginsAreRedactedAndShared(t *testing.T) {
	base := &parity.Origin{File: "https://bot:hunter2@example.com/base", Precision: parity.AtFile}
	o := &parity.Origin{File: "a.yaml", Precision: parity.AtObject, From: base}
	got, err := collector.Run(t.Context(), input(made("a", func(_ context.Context, _ collector.Input, out collector.Sink) error {
		x, y := fact("/x", "1"), fact("/y", "1")
		x.Origin, y.Origin = o, o
		out.Subject(parity.Subject{Key: parity.Key{Kind: "k", Name: "n"}, Origin: o}, []parity.Fact{x, y})
		return nil
	})))
	if err != nil {
		t.Fatal(err)
	}
	sf := got.Subjects[0]
	if sf.Facts[0].Origin != sf.Subject.Origin || sf.Facts[1].Origin != sf.Subject.Origin {
		t.Error("origins are no longer shared")
	}
	if file := sf.Subject.Origin.From.File; strings.Contains(file, "hunter2") || !strings.Contains(file, "@example.com/base") {
		t.Errorf("the origin is %q", file)
	}
	if !strings.Contains(base.File, "hunter2") {
		t.Error("the collector's own origin was changed")
	}
}

func TestRegistry(t *testing.T) {
	low, high, never := lines(), lines(), lines()
	low.Name, high.Name, never.Name = "low", "high", "never"
	high.Detect = func(place.Place) int { return 50 }
	never.Detect = nil
	r := collector.Registry{low, high, never}
	if c, ok := r.Detect(place.Place{}); !ok || c.Name != "high" {
		t.Errorf("Detect gives %q, %v", c.Name, ok)
	}
	if _, ok := (collector.Registry{never}).Detect(place.Place{}); ok {
		t.Error("a collector that detects nothing was found")
	}
	if c, ok := r.Find("low"); !ok || c.Name != "low" {
		t.Errorf("Find gives %q, %v", c.Name, ok)
	}
	if _, ok := r.Find("other"); ok {
		t.Error("Find finds what is not there")
	}
	if diff := cmp.Diff([]string{"low", "high", "never"}, r.Names()); diff != "" {
		t.Error(diff)
	}
}

func TestMarkdown(t *testing.T) {
	type nested struct {
		Name string `yaml:"name" required:"true" doc:"Its name."`
	}
	type config struct {
		Path   string            `yaml:"path" required:"true" doc:"A | B."`
		Sets   []nested          `yaml:"sets" doc:"Sets."`
		ByName map[string]nested `yaml:"byName" doc:"By name."`
		Env    map[string]string `yaml:"env" doc:"Variables."`
		Any    map[string]any    `yaml:"any" doc:"Anything."`
		Depth  *int              `yaml:"depth" doc:"How deep."`
		On     bool              `yaml:"on" doc:"Whether."`
		Level  parity.Severity   `yaml:"level" doc:"Level."`
		Hidden string            `yaml:"-"`
	}
	c := collector.New(collector.Manifest{Name: "x", Summary: "Reads x.", Doc: "More.", Role: parity.Desired, Surfaces: []parity.Surface{parity.Config, parity.Data}},
		func(context.Context, collector.Input, config, collector.Sink) error { return nil })
	want := `# x

Reads x.

Role: desired. Surfaces: config, data.
It is never chosen by a path alone: parity.yaml must name it.

## Keys

| key | type | required | meaning |
| --- | --- | --- | --- |
| ` + "`path`" + ` | text | yes | A \| B. |
| ` + "`sets`" + ` | list of map |  | Sets. |
| ` + "`sets[].name`" + ` | text | yes | Its name. |
| ` + "`byName`" + ` | map of map |  | By name. |
| ` + "`byName.*.name`" + ` | text | yes | Its name. |
| ` + "`env`" + ` | map of text |  | Variables. |
| ` + "`any`" + ` | map of anything |  | Anything. |
| ` + "`depth`" + ` | number |  | How deep. |
| ` + "`on`" + ` | bool |  | Whether. |
| ` + "`level`" + ` | severity |  | Level. |

More.
`
	if diff := cmp.Diff(want, collector.Markdown(c)); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func BenchmarkRun(b *testing.B) {
	paths := make([]string, 15)
	for j := range paths {
		paths[j] = fmt.Sprintf("/spec/template/spec/containers[name=web]/env[name=SETTING_%02d]/value", j)
	}
	source := func(_ context.Context, _ collector.Input, out collector.Sink) error {
		for i := range 10_000 {
			name := fmt.Sprintf("service-%05d", (i*7919)%10_000)
			o := &parity.Origin{File: name + ".yaml", Precision: parity.AtLine}
			facts := make([]parity.Fact, 0, len(paths))
			for j, p := range paths {
				facts = append(facts, parity.Fact{Path: p, Value: parity.Value{Kind: parity.Text, Raw: name + ".example.com"}, Origin: o, Line: int32(j)})
			}
			out.Subject(parity.Subject{Key: parity.Key{Kind: "Deployment", Scope: "shop", Name: name}, Origin: o}, facts)
		}
		return nil
	}
	in := input(made("a", source))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := collector.Run(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// images is a source that names images by the tag, and hands them on as facts.
func images(name string, refs ...string) collector.Configured {
	return made(name, func(_ context.Context, _ collector.Input, out collector.Sink) error {
		var facts []parity.Fact
		for i, ref := range refs {
			f := parity.Fact{Path: fmt.Sprintf("/containers[name=%d]/image", i), Value: parity.Value{Kind: parity.Image, Raw: ref}}
			switch {
			case strings.HasPrefix(ref, "old"):
				f.Rules = parity.SetOf(parity.History)
			case strings.Contains(ref, "@"):
				f.Rules = parity.SetOf(parity.RunningDigest)
			}
			facts = append(facts, f)
		}
		out.Subject(parity.Subject{Key: parity.Key{Kind: "Deployment", Name: name}}, facts)
		return nil
	})
}

// resolver is a source that runs after the others, and says what tags mean.
func resolver(told *[]collector.NamedImage, digests map[string]string) collector.Configured {
	c := made("resolver", func(_ context.Context, in collector.Input, out collector.Sink) error {
		*told = in.Images
		for ref, digest := range digests {
			out.Subject(parity.Subject{Key: parity.Key{Kind: parity.ImageSubject, Name: ref}}, []parity.Fact{
				{Path: parity.ImageDigestPath, Value: parity.Value{Kind: parity.Image, Raw: ref + "@" + digest}},
			})
		}
		return nil
	})
	c.Collector.AfterOthers = true
	return c
}

func TestSourcesAfterOthers(t *testing.T) {
	const digest, other = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	var told []collector.NamedImage
	sources := []collector.Configured{
		resolver(&told, map[string]string{"m.io/web:1": digest, "reg.io/job:2": digest}),
		images("b", "m.io/web:1", "reg.io/run:3@"+other, "old.io/web:0"),
		images("a", "m.io/web:1", "reg.io/job:2"),
	}
	in := input(sources...)
	in.Mirrors = map[string]string{"m.io": "reg.io"}
	got, err := collector.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	want := []collector.NamedImage{
		{Ref: "m.io/web:1", Canonical: "reg.io/web:1", From: parity.FactRef{Subject: parity.Key{Kind: "Deployment", Name: "a"}, Path: "/containers[name=0]/image"}},
		{Ref: "reg.io/job:2", Canonical: "reg.io/job:2", From: parity.FactRef{Subject: parity.Key{Kind: "Deployment", Name: "a"}, Path: "/containers[name=1]/image"}},
		{Ref: "reg.io/run:3@" + other, Canonical: "reg.io/run:3@" + other, From: parity.FactRef{Subject: parity.Key{Kind: "Deployment", Name: "b"}, Path: "/containers[name=1]/image"}},
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("what a later source is told (-want +got):\n%s", diff)
	}
	var lifted []string
	for _, sf := range got.Subjects {
		for _, f := range sf.Facts {
			if sf.Subject.Kind == "Deployment" {
				lifted = append(lifted, f.Value.Raw+" = "+f.Value.Canonical()+" "+f.Rules.String())
			}
		}
	}
	wantLifted := []string{
		"m.io/web:1 = reg.io/web:1@" + digest + " image,registry-digest",
		"reg.io/job:2 = reg.io/job:2@" + digest + " registry-digest",
		"m.io/web:1 = reg.io/web:1@" + digest + " image,registry-digest",
		"reg.io/run:3@" + other + " = reg.io/run:3@" + other + " running-digest",
		"old.io/web:0 = old.io/web:0 history",
	}
	if diff := cmp.Diff(wantLifted, lifted); diff != "" {
		t.Errorf("images (-want +got):\n%s", diff)
	}
}

func TestTagThatMeansTwoThingsIsNotLifted(t *testing.T) {
	var told []collector.NamedImage
	one := resolver(&told, map[string]string{"reg.io/job:2": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
	two := resolver(&told, map[string]string{"reg.io/job:2": "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"})
	in := input(images("a", "reg.io/job:2"), one, two)
	in.Concurrency = 1
	got, err := collector.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if f := got.Subjects[0].Facts[0]; f.Rules.Has(parity.RegistryDigest) {
		t.Errorf("the image is %+v", f)
	}
}

func TestLiftingLeavesWhatIsKeptAsItWas(t *testing.T) {
	const digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	part, err := collector.Run(t.Context(), input(images("a", "reg.io/web:1")))
	if err != nil {
		t.Fatal(err)
	}
	known := images("a", "reg.io/web:1")
	known.Known = part
	var told []collector.NamedImage
	got, err := collector.Run(t.Context(), input(known, resolver(&told, map[string]string{"reg.io/web:1": digest})))
	if err != nil {
		t.Fatal(err)
	}
	if f := got.Subjects[0].Facts[0]; len(told) != 1 || f.Value.Canon != "reg.io/web:1@"+digest {
		t.Errorf("the image is %+v, told %+v", f.Value, told)
	}
	if f := part.Subjects[0].Facts[0]; f.Value.Canon != "" || f.Rules != 0 {
		t.Errorf("the part that is kept became %+v", f)
	}
}
