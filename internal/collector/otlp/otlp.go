// Package otlp reads files of metrics and traces in the JSON of OTLP.
package otlp

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/glob"
	otel "github.com/envparity/parity/internal/otlp"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/spans"
	"github.com/envparity/parity/internal/telemetry"
)

// Config is a source of files.
type Config struct {
	Path      string   `yaml:"path" doc:"A file, a directory or a pattern (*, ?, [ab], {a,b}, **), relative to the project, or git:REV:path."`
	Paths     []string `yaml:"paths" doc:"Several of them."`
	Names     string   `yaml:"names" enum:"prometheus,otel" doc:"How metrics and their labels are called: prometheus (if left out), so that they align with those of a Prometheus, or otel."`
	Behaviour bool     `yaml:"behaviour" doc:"Whether durations and errors of endpoints and integrations are taken from spans too; those of metrics always are."`
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "otlp",
		Summary:   "Reads files of metrics and traces in the JSON of OTLP, as the OpenTelemetry Collector's file exporter writes them.",
		Doc:       page,
		FilesOnly: true,
		Role:      parity.Observed,
		Kinds:     slices.Concat(telemetry.Requests(), telemetry.Metrics(), telemetry.Traces()),
		Surfaces:  []parity.Surface{parity.Telemetry, parity.Behaviour},
		Detect:    detect,
		FromPath:  func(path string) any { return &Config{Path: path} },
	}, collect)
}

// detect looks at how a file of JSON begins: every document names its signal
// first.
func detect(p place.Place) int {
	if info, err := fs.Stat(p.FS, p.Path); err != nil || info.IsDir() || !wanted(p.Path) {
		return 0
	}
	f, err := p.FS.Open(p.Path)
	if err != nil {
		return 0
	}
	defer f.Close()
	head := strings.TrimLeft(headOf(f), "{ \t\r\n")
	if strings.HasPrefix(head, `"resourceSpans"`) || strings.HasPrefix(head, `"resourceMetrics"`) {
		return 95
	}
	return 0
}

// headOf gives the beginning of a file's text, as far as it can be read.
func headOf(in io.Reader) string {
	b := bufio.NewReader(in)
	in = b
	if magic, err := b.Peek(2); err == nil && isGzip(magic) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return ""
		}
		in = z
	}
	head := make([]byte, 512)
	n, _ := io.ReadFull(in, head)
	return string(head[:n])
}

// wanted tells which files of a directory count.
func wanted(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".jsonl") || strings.HasSuffix(name, ".ndjson")
}

func (c *Config) check() error {
	if len(c.Paths) == 0 {
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no paths", Hint: "name files, directories or patterns under path or paths"}
	}
	if c.Names != "" && c.Names != "prometheus" && c.Names != "otel" {
		return &parity.Error{Code: parity.CodeConfig, What: "names is neither prometheus nor otel", Hint: "leave it out for prometheus"}
	}
	return nil
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if cfg.Path != "" {
		cfg.Paths = append([]string{cfg.Path}, cfg.Paths...)
	}
	if err := cfg.check(); err != nil {
		return err
	}
	s := newSession(in, &cfg)
	if err := s.files(ctx); err != nil {
		return err
	}
	s.report(out)
	return nil
}

// session is one reading of the files.
type session struct {
	in      collector.Input
	cfg     *Config
	otel    *otel.Reader
	whole   *spans.Assembler
	stats   spans.Stats
	metrics *metricSet
	// first is the first file that was read, shown.
	first string
	count int
	// faults are what could not be read, as gaps without kinds.
	faults []parity.Gap
	more   int // faults that are not told one by one
}

func newSession(in collector.Input, cfg *Config) *session {
	s := &session{in: in, cfg: cfg, metrics: newMetricSet(in.Naming, cfg.Names == "otel")}
	s.stats.Behaviour = cfg.Behaviour
	s.whole = &spans.Assembler{Whole: s.stats.Add}
	s.otel = &otel.Reader{Naming: in.Naming, Span: s.whole.Add, Point: s.metrics.add}
	return s
}

// maxFaults bounds the gaps of damaged lines.
const maxFaults = 20

func (s *session) fault(where, reason, hint string) {
	if len(s.faults) >= maxFaults {
		s.more++
		return
	}
	s.faults = append(s.faults, parity.Gap{Where: where, Reason: reason, Hint: hint})
}

// files reads all files. Only a context that is done ends it.
func (s *session) files(ctx context.Context) error {
	found := glob.FindAll(ctx, s.in.Root, s.cfg.Paths, wanted, func(pattern string, err error) {
		s.fault(pattern, "the files cannot be read: "+plain(err), cmp.Or(parity.HintOf(err), "check the path"))
	})
	for _, f := range found {
		if ctx.Err() != nil {
			break
		}
		if err := s.file(ctx, f.Place); err != nil && ctx.Err() == nil {
			s.fault(f.Place.Show(), "the file cannot be read to its end: "+plain(err), parity.HintOf(err))
		}
	}
	s.whole.Close()
	return ctx.Err()
}

// plain is an error in words that name no path twice.
func plain(err error) string {
	var known *parity.Error
	if errors.As(err, &known) {
		if known.Err != nil {
			return known.What + ": " + glob.Cause(known.Err).Error()
		}
		return known.What
	}
	return glob.Cause(err).Error()
}

func (s *session) file(ctx context.Context, p place.Place) error {
	show := p.Show()
	f, err := p.FS.Open(p.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	if s.first == "" {
		s.first = show
	}
	s.count++
	most := s.in.Limits.FileBytes
	if most <= 0 {
		most = collector.DefaultLimits().FileBytes
	}
	r := &reader{most: most, wrong: func(f fault) {
		s.fault(fmt.Sprintf("%s:%d", show, f.line), f.what, "write smaller batches, or see whether the file was written to its end")
	}}
	documents := 0
	r.give = func(d document) error {
		known, err := s.otel.Document(d.text)
		where := fmt.Sprintf("%s:%d", show, d.line)
		switch {
		case err != nil:
			s.fault(where, "the document is damaged: "+err.Error(), "see whether the file was written to its end")
		case known:
			documents++
		default:
			s.fault(where, "the document holds neither metrics nor traces of OTLP", "check the path")
		}
		return nil
	}
	if err := r.read(ctx, f); err != nil {
		return err
	}
	if documents == 0 && len(s.faults) == 0 {
		s.fault(show, "the file holds no documents", "see whether anything was exported")
	}
	return nil
}
