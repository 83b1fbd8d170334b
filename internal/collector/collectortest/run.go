package collectortest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

// prompt is how long a collector may take to end once its context is done.
const prompt = 5 * time.Second

// Run checks a collector with its cases.
func Run(t *testing.T, cases ...Case) {
	t.Helper()
	ignore := []goleak.Option{
		goleak.IgnoreCurrent(),
		goleak.IgnoreTopFunction("k8s.io/klog/v2.(*flushDaemon).run.func1"),
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Run("manifest", func(t *testing.T) { Manifest(t, c.Collector) })
			t.Run("reads", func(t *testing.T) { reads(t, c) })
			t.Run("same each time", func(t *testing.T) { sameEachTime(t, c) })
			t.Run("cancels", func(t *testing.T) { cancels(t, c) })
			for _, b := range c.Broken {
				t.Run("broken: "+b.Name, func(t *testing.T) { broken(t, c, b) })
			}
			if !c.NoFiles {
				t.Run("reads a revision alike", func(t *testing.T) { revision(t, c) })
				t.Run("unreadable", func(t *testing.T) { unreadable(t, c) })
			}
			if c.Collector.FromPath != nil {
				t.Run("missing", func(t *testing.T) { missing(t, c) })
			}
		})
	}
	noLeaks(t, ignore)
}

// noLeaks fails where goroutines are left. A connection that the collector closed
// ends on its server's side a little later, so it looks several times.
func noLeaks(t *testing.T, ignore []goleak.Option) {
	t.Helper()
	var err error
	for range 10 {
		if err = goleak.Find(ignore...); err == nil {
			return
		}
	}
	t.Error(err)
}

// logBuffer takes logs from several goroutines.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// collect runs the case's collector over a root, and checks that nothing that
// comes out holds a secret.
func collect(t *testing.T, c Case, cfg any, root place.Root) *parity.Snapshot {
	t.Helper()
	log := &logBuffer{}
	snap, err := collector.Run(t.Context(), collector.RunInput{
		Column:   parity.Column{Environment: "staging", Role: c.Collector.Role},
		Sources:  []collector.Configured{{Collector: c.Collector, Config: cfg, Name: "staging: " + c.Name}},
		Root:     root,
		Redactor: redact.New([]byte("a key of the conformance suite"), nil, nil),
		Log:      slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:      c.now(),
	})
	if err != nil {
		t.Fatalf("Run fails, where a failure is a gap: %v", err)
	}
	if strings.Contains(log.String(), "collector panicked") {
		t.Errorf("the collector panicked:\n%s", log)
	}
	noSecret(t, "the log", log.String())
	all, err := json.Marshal(struct {
		Snapshot *parity.Snapshot
		Display  []string
	}{snap, sources(snap)})
	if err != nil {
		t.Fatal(err)
	}
	noSecret(t, "the snapshot", string(all))
	return snap
}

func sources(s *parity.Snapshot) []string {
	var all []string
	for i := range s.Subjects {
		for j := range s.Subjects[i].Facts {
			all = append(all, s.Subjects[i].Facts[j].Source())
		}
	}
	return all
}

func noSecret(t *testing.T, where, text string) {
	t.Helper()
	for _, leak := range leaks() {
		if at := strings.Index(text, leak); at >= 0 {
			t.Errorf("a secret came through in %s: ...%s...", where, text[max(0, at-120):min(len(text), at+80)])
		}
	}
}

func onDisk(t *testing.T, c Case, b Broken) place.Root {
	t.Helper()
	root := place.Dir(project(t, c, b))
	t.Cleanup(func() { _ = root.Close() })
	return root
}

// declares checks that a subject is of a kind that the manifest declares, and that
// its facts are on the surfaces that its kind may be on.
func declares(t *testing.T, c Case, sf *parity.SubjectFacts) {
	t.Helper()
	kind := collector.Registry{c.Collector}.Kinds().Of(&sf.Subject)
	if kind.Format == "" {
		t.Errorf("the manifest does not declare the kind of %s", sf.Subject.Key)
		return
	}
	for i := range sf.Facts {
		f := &sf.Facts[i]
		if on, known := kind.PossibleSurfaces(sf.Subject.Kind, f.Path); known && !slices.Contains(on, f.Surface) {
			t.Errorf("%s %s is on the surface %s, which its kind does not declare: %v", sf.Subject.Key, f.Path, f.Surface, on)
		}
	}
}

// reads checks what good input gives.
func reads(t *testing.T, c Case) {
	snap := collect(t, c, c.Config, onDisk(t, c, Broken{}))
	for _, g := range snap.Gaps {
		t.Errorf("good input gives a gap: %+v", g)
	}
	if len(c.Facts) == 0 {
		t.Error("the case names no fact that must be there")
	}
	paths, secrets := map[string]bool{}, 0
	for i := range snap.Subjects {
		sf := &snap.Subjects[i]
		declares(t, c, sf)
		for j := range sf.Facts {
			f := &sf.Facts[j]
			paths[f.Path] = true
			checkFact(t, c, sf, f)
			if f.Value.Kind == parity.Secret || strings.Contains(f.Value.Raw, "[secret ") {
				secrets++
			}
		}
	}
	for _, want := range c.Facts {
		if !paths[want] {
			t.Errorf("there is no fact at %s", want)
		}
	}
	for name, content := range c.Files {
		if strings.Contains(content, "%SECRET") && secrets == 0 {
			t.Errorf("%s holds a secret, and no fact says that there is one", name)
		}
	}
}

func checkFact(t *testing.T, c Case, sf *parity.SubjectFacts, f *parity.Fact) {
	t.Helper()
	where := sf.Subject.Key.String() + " " + f.Path
	switch {
	case sf.Subject.Kind == "":
		t.Errorf("%s: the subject has no kind", where)
	case f.Origin == nil || f.Origin.File == "" && f.Origin.Renderer == "":
		t.Errorf("%s: the fact does not say where it was read", where)
	case f.Line > 0 && f.Origin.Precision != parity.AtLine:
		t.Errorf("%s: there is a line, though the origin is only precise to the %s", where, f.Origin.Precision)
	case !slices.Contains(c.Collector.Surfaces, f.Surface):
		t.Errorf("%s: the surface %s is not one of the manifest's", where, f.Surface)
	case f.Value.Kind == parity.Secret && f.Value.Raw != "":
		t.Errorf("%s: a secret has a raw value", where)
	}
}

// sameEachTime reads the same input twice, and again elsewhere.
func sameEachTime(t *testing.T, c Case) {
	root := onDisk(t, c, Broken{})
	first := collect(t, c, c.Config, root)
	if diff := cmp.Diff(first, collect(t, c, c.Config, root)); diff != "" {
		t.Errorf("the second reading says something else (-first +second):\n%s", diff)
	}
	if elsewhere := collect(t, c, c.Config, onDisk(t, c, Broken{})); elsewhere.Digest != first.Digest {
		t.Errorf("in another directory the content has another digest:\n%s", cmp.Diff(first, elsewhere))
	}
}

// cancels runs the collector with a context that is done, and with one that
// becomes done under way.
func cancels(t *testing.T, c Case) {
	root := onDisk(t, c, Broken{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	canceled(t, "before it begins", c, ctx, root)
	if !c.NoFiles {
		ctx, cancel = context.WithCancel(t.Context())
		defer cancel()
		canceled(t, "under way", c, ctx, canceling{root, cancel})
	}
}

func canceled(t *testing.T, when string, c Case, ctx context.Context, root place.Root) { //nolint:revive // the context is the subject here
	t.Helper()
	done := make(chan error, 1)
	go func() {
		done <- c.Collector.Collect(ctx, collector.Input{
			Column: parity.Column{Environment: "staging"}, Root: root, Source: "staging", Limits: collector.DefaultLimits(),
			Log: slog.New(slog.DiscardHandler), Now: c.now(),
		}, c.Config, discard{})
	}()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("canceled %s, it returns %v, want context.Canceled", when, err)
		}
	case <-time.After(prompt):
		t.Errorf("canceled %s, it has not ended after %s", when, prompt)
	}
}

// canceling cancels when something is resolved.
type canceling struct {
	place.Root
	cancel context.CancelFunc
}

func (c canceling) Resolve(path string) (place.Place, error) {
	defer c.cancel()
	return c.Root.Resolve(path)
}

// discard is a sink that keeps nothing.
type discard struct{}

func (discard) Subject(parity.Subject, []parity.Fact) {}
func (discard) Gap(parity.Gap)                        {}
func (discard) Tool(string, string)                   {}

// broken checks that bad input is a gap that says what is wrong.
func broken(t *testing.T, c Case, b Broken) {
	cfg := b.Config
	if cfg == nil {
		cfg = c.Config
	}
	snap := collect(t, c, cfg, onDisk(t, c, b))
	gaps(t, snap)
	found := slices.ContainsFunc(snap.Gaps, func(g parity.Gap) bool { return strings.Contains(g.Reason, b.Reason) })
	if !found {
		t.Errorf("no gap has a reason with %q: %+v", b.Reason, snap.Gaps)
	}
	if b.Keeps && snap.Facts() == 0 {
		t.Error("nothing is left of what could still be read")
	}
}

func gaps(t *testing.T, snap *parity.Snapshot) {
	t.Helper()
	if len(snap.Gaps) == 0 {
		t.Error("there is no gap for what could not be read")
	}
	for _, g := range snap.Gaps {
		if g.Source == "" || g.Reason == "" || g.Where == "" && g.Hint == "" {
			t.Errorf("the gap does not say enough (source, reason, and where or hint): %+v", g)
		}
	}
}

// missing configures a path that is not there.
func missing(t *testing.T, c Case) {
	snap := collect(t, c, c.Collector.FromPath("does/not/exist"), onDisk(t, c, Broken{}))
	gaps(t, snap)
	if snap.Facts() > 0 {
		t.Error("there are facts of what is not there")
	}
}

// unreadable denies every file.
func unreadable(t *testing.T, c Case) {
	gaps(t, collect(t, c, c.Config, changed{onDisk(t, c, Broken{}), func(f fs.FS) fs.FS { return denied{f} }}))
}

// revision takes the disk away, as it is for a revision of git: what is read
// must not depend on it.
func revision(t *testing.T, c Case) {
	root := onDisk(t, c, Broken{})
	want := collect(t, c, c.Config, root)
	got := collect(t, c, c.Config, changed{root, func(f fs.FS) fs.FS { return f }})
	if got.Digest != want.Digest {
		t.Errorf("without a disk it reads something else (-disk +tree):\n%s", cmp.Diff(want, got))
	}
}

// changed gives places another file system, that is not on a disk.
type changed struct {
	place.Root
	to func(fs.FS) fs.FS
}

func (c changed) Resolve(path string) (place.Place, error) {
	p, err := c.Root.Resolve(path)
	if err == nil {
		p.FS, p.OnDisk = c.to(p.FS), ""
	}
	return p, err
}

// denied is a file system whose directories can be listed and whose files
// cannot be read.
type denied struct{ fs.FS }

func (d denied) Open(name string) (fs.File, error) {
	info, err := fs.Stat(d.FS, name)
	if err != nil || info.IsDir() {
		return d.FS.Open(name)
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func (d denied) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(d.FS, name) }
func (d denied) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(d.FS, name) }
func (d denied) ReadFile(name string) ([]byte, error) {
	_, err := d.Open(name)
	return nil, err
}
