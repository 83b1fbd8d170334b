package collector

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/redact"
	"github.com/envparity/parity/internal/value"
)

// sink gathers what one source yields. Each source has its own.
type sink struct {
	source   string
	redactor *redact.Redactor
	mirrors  map[string]string
	subjects []parity.SubjectFacts
	gaps     []parity.Gap
	tools    map[string]string
	print    string
	// origins are those that were looked at, since facts share them.
	origins map[*parity.Origin]*parity.Origin
}

func newSink(source string, r *redact.Redactor, mirrors map[string]string) *sink {
	return &sink{source: source, redactor: r, mirrors: mirrors, origins: map[*parity.Origin]*parity.Origin{}}
}

// Subject implements Sink.
func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	s.redactor.Subject(&subject, facts)
	subject.Origin = s.origin(subject.Origin)
	last, lastClean := subject.Origin, subject.Origin
	for i := range facts {
		o := facts[i].Origin
		if o != last {
			last, lastClean = o, s.origin(o)
		}
		if len(s.mirrors) > 0 && facts[i].Value.Kind == parity.Image {
			s.unmirror(&facts[i])
		}
		facts[i].Origin = lastClean
	}
	s.subjects = append(s.subjects, parity.SubjectFacts{Subject: subject, Facts: facts})
}

// unmirror names an image by where it is mirrored from.
func (s *sink) unmirror(f *parity.Fact) {
	img, ok := value.ParseImage(f.Value.Canonical())
	if !ok {
		return
	}
	if canon := img.Canonical(s.mirrors); canon != f.Value.Canonical() {
		f.Value.Canon = canon
		f.Rules = f.Rules.With(parity.ImageForm)
	}
}

func (s *sink) origin(o *parity.Origin) *parity.Origin {
	if o == nil {
		return nil
	}
	if clean, ok := s.origins[o]; ok {
		return clean
	}
	clean := s.redactor.Origin(o)
	s.origins[o] = clean
	return clean
}

// Gap implements Sink.
func (s *sink) Gap(g parity.Gap) {
	if g.Source == "" {
		g.Source = s.source
	}
	for _, text := range []*string{&g.Source, &g.Kind, &g.Group, &g.Scope, &g.Name, &g.Path, &g.Reason, &g.Where, &g.Hint} {
		*text = s.redactor.Text(*text)
	}
	s.gaps = append(s.gaps, g)
}

// Tool implements Sink.
func (s *sink) Tool(name, version string) {
	if s.tools == nil {
		s.tools = map[string]string{}
	}
	s.tools[name] = version
}

// Fingerprint implements Tracker.
func (s *sink) Fingerprint(text string) { s.print = text }
