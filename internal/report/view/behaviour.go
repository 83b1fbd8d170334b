package view

import (
	"math"
	"strconv"
	"strings"

	"github.com/envparity/parity"
)

// Behaviours splits the judgements by answer.
func Behaviours(r *parity.Result) (different, open, alike []parity.Judged) {
	for _, b := range r.Behaviours {
		switch b.Answer {
		case parity.AnswerDifferent:
			different = append(different, b)
		case parity.AnswerEquivalent:
			alike = append(alike, b)
		default:
			open = append(open, b)
		}
	}
	return different, open, alike
}

// namedInstruments are the metrics that a sentence names.
const namedInstruments = 3

// InstrumentsSentence says from which metrics requests were read and by what
// those were recognised; empty where that is not known.
func InstrumentsSentence(r *parity.Result) string {
	var parts []string
	column := ""
	seen := map[string]bool{}
	for _, x := range r.Instruments {
		if by, _, _ := strings.Cut(x.How, ":"); !seen[x.Metric] {
			seen[x.Metric] = true
			parts = append(parts, x.Metric+" ("+by+")")
		}
		if column == "" && len(x.Columns) > 0 {
			column = x.Columns[0]
		}
	}
	if len(parts) == 0 {
		return ""
	}
	text := "Requests are read from " + strings.Join(parts[:min(len(parts), namedInstruments)], ", ")
	if more := len(parts) - namedInstruments; more > 0 {
		text += " and " + Count(more, "other metric", "other metrics")
	}
	return Line(text + "; parity collectors explain " + column + " shows how.")
}

// BehaviourName says of what a judgement is: "checkout GET /cart: p95".
func BehaviourName(b parity.Judged) string {
	name := b.Subject.Name
	if b.Subject.Scope != "" {
		name = b.Subject.Scope + " " + name
	}
	if b.Subject.Kind == parity.IntegrationKind {
		name = b.Subject.Scope + " → " + b.Subject.Name
	}
	what := "durations"
	switch b.Path {
	case parity.ErrorsPath:
		what = "errors"
	case "":
		what = "requests"
	}
	return Line(name) + ": " + what
}

// BehaviourSentence is the note with what is still needed.
func BehaviourSentence(b parity.Judged) string {
	s := Line(b.Note)
	if b.Needed != nil {
		s += "; " + neededRequests(*b.Needed)
	}
	return s
}

// neededRequests says how many more requests are expected to decide.
func neededRequests(n parity.Requests) string {
	var parts []string
	if n.Column > 0 {
		parts = append(parts, "about "+roughly(n.Column)+" here")
	}
	if n.Reference > 0 {
		parts = append(parts, "about "+roughly(n.Reference)+" in the reference")
	}
	if len(parts) == 0 {
		return "more requests are needed"
	}
	return "more requests are needed: " + strings.Join(parts, ", ")
}

// roughly rounds up to two digits.
func roughly(x float64) string {
	if !(x < math.MaxInt32) {
		return "more than " + Int(math.MaxInt32)
	}
	if step := math.Pow(10, math.Floor(math.Log10(x))-1); step >= 1 {
		x = math.Ceil(x/step) * step
	}
	return Int(int(math.Ceil(x)))
}

// SuspectLine is one suspect with its first reasons.
func SuspectLine(s parity.Suspect) string {
	text := Line(s.Summary)
	if reasons := s.Reasons[:min(len(s.Reasons), 2)]; len(reasons) > 0 {
		text += ": " + Line(strings.Join(reasons, "; "))
	}
	if s.Accepted != "" {
		text += " (accepted by " + Line(s.Accepted) + ")"
	}
	return text
}

// SuspectScore is a suspect's score: "0.83".
func SuspectScore(s parity.Suspect) string { return strconv.FormatFloat(s.Score, 'f', 2, 64) }

// EvidenceLines are a question as a person can ask it again, and the address at
// which the answer is seen. It is text: reports lead nowhere by themselves.
func EvidenceLines(e parity.Evidence) []string {
	lines := []string{Line(e.Column) + " at " + Line(e.Server) + ": " + Line(e.Query)}
	if e.Link != "" && e.Link != e.Query {
		lines = append(lines, Line(e.Link))
	}
	return lines
}
