package collector

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/redact"
)

// faultySink is a sink whose redactor panics at every secret.
func faultySink(log *strings.Builder) *sink {
	in := RunInput{Redactor: nil, Log: slog.New(slog.NewTextHandler(log, nil))}.filled()
	source := Configured{Name: "staging: password: hunter2", Collector: Collector{Manifest: Manifest{Name: "c"}}}
	return newSink(in, source, &budget{limits: DefaultLimits()})
}

func TestTextThatCannotBeRedactedIsLeftOut(t *testing.T) {
	log := &strings.Builder{}
	s := faultySink(log)
	s.Gap(parity.Gap{
		Kind: "Secret", Name: "password: hunter2", Path: "password: hunter2", Where: "password: hunter2",
		Reason: "password: hunter2", Hint: "look",
	})
	want := []parity.Gap{{
		Source: "c", Kind: "Secret", Hint: "look",
		Reason: "a reason that could not be searched for secrets, through a fault of the program itself",
	}}
	if diff := cmp.Diff(want, s.gaps); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	if !strings.Contains(log.String(), "redact.") || strings.Contains(log.String(), "hunter2") {
		t.Errorf("the log has no stack, or shows what was redacted:\n%s", log)
	}
}

func TestSubjectThatCannotBeRedactedIsAGap(t *testing.T) {
	log := &strings.Builder{}
	s := faultySink(log)
	facts := func() []parity.Fact {
		return []parity.Fact{{Path: "/a", Value: parity.Value{Kind: parity.Text, Raw: "password: hunter2"}}}
	}
	s.Subject(parity.Subject{Key: parity.Key{Kind: "ConfigMap", Scope: "shop", Name: "web[0]"}}, facts())
	s.redactor = redact.New([]byte("k"), nil, nil)
	s.Subject(parity.Subject{Key: parity.Key{Kind: "ConfigMap", Scope: "shop", Name: "next"}}, facts())
	if len(s.subjects) != 1 || s.subjects[0].Subject.Name != "next" {
		t.Errorf("subjects are %v, want the one that could be redacted", s.subjects)
	}
	if len(s.gaps) != 1 {
		t.Fatalf("gaps are %v", s.gaps)
	}
	hidden := parity.Key{Kind: "ConfigMap", Scope: "shop", Name: "web[0]"}
	if g := s.gaps[0]; !g.Covers(hidden, "") || g.Covers(parity.Key{Kind: "ConfigMap", Scope: "shop", Name: "web0"}, "") {
		t.Errorf("the gap %+v does not cover that subject alone", g)
	}
	if !strings.Contains(log.String(), "stack=") || strings.Contains(log.String(), "hunter2") {
		t.Errorf("the log is\n%s", log)
	}
}

func TestGapsOfASourceAreBounded(t *testing.T) {
	s := newSink(RunInput{Redactor: redact.New(nil, nil, nil)}.filled(), Configured{Name: "s"}, &budget{limits: DefaultLimits()})
	for range maxGaps + 5 {
		s.Gap(parity.Gap{Kind: "K", Path: "/x", Reason: "r"})
	}
	if len(s.gaps) != maxGaps {
		t.Errorf("%d gaps are kept", len(s.gaps))
	}
	if last := s.gaps[maxGaps-1]; last.Kind != "" || last.Path != "" || last.Source != "s" {
		t.Errorf("the last gap %+v does not cover the whole source", last)
	}
}
