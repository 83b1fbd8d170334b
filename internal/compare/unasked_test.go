package compare

import (
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/behaviour"
)

// asked adds an endpoint or integration that was asked.
func (e *env) asked(kind, service, name string) *env {
	m := parity.Measurement{Start: time.Unix(1.7e9, 0), Step: time.Minute, Instances: 1}
	for range 30 {
		m.Total, m.Events = append(m.Total, 100), append(m.Events, 1)
	}
	return e.add(kind, service, name).fact(parity.Fact{Path: parity.ErrorsPath, Value: m.Value(parity.Proportion, ""), Surface: parity.Behaviour})
}

// TestUnaskedOnce holds that what one side of a service was never asked is said
// once, however many endpoints it is, and not where a gap may hide it.
func TestUnaskedOnce(t *testing.T) {
	own, ref := staging(), production()
	for _, e := range []*env{own, ref} {
		e.asked(parity.EndpointKind, "shop", "GET /cart")
	}
	for _, name := range []string{"GET /a", "GET /b", "GET /c", "GET /d", "GET /e"} {
		ref.asked(parity.EndpointKind, "shop", name)
	}
	own.asked(parity.IntegrationKind, "shop", "mail")
	ref.asked(parity.EndpointKind, "hidden", "GET /x")
	own.gaps = []parity.Gap{{Kind: parity.EndpointKind, Scope: "hidden", Reason: "the server does not answer"}}
	got := map[string]string{}
	judged := 0
	for _, b := range compareAll(t, Options{}, own, ref).Behaviours {
		if b.Reason != behaviour.Unasked {
			judged++
			continue
		}
		if b.Answer != parity.AnswerInconclusive || b.Column != "staging" || b.Subject.Kind != parity.WholeService {
			t.Errorf("got %+v", b)
		}
		got[b.Note] = b.Subject.Name
	}
	for _, note := range []string{
		"5 endpoints were asked in the reference and never here: GET /a, GET /b, GET /c and 2 more",
		"1 integration was called here and never in the reference: mail",
	} {
		if got[note] != "shop" {
			t.Errorf("%q is not said: %q", note, got)
		}
	}
	if len(got) != 2 || judged != 1 {
		t.Errorf("%d judgements, and said: %q", judged, got)
	}
}
