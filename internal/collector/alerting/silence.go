package alerting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
	"github.com/envparity/parity/internal/webapi"
)

const silencesPath = "/api/v2/silences"

// managerName is the subject of the server itself. A column has one in most
// cases, and its host says nothing.
const managerName = "alertmanager"

// The bounds of silences that are told.
const (
	// passing is how long a silence goes on that is of the day's work.
	passing = 24 * time.Hour
	// lasting is how long one goes on that nobody thinks of any more.
	lasting = 30 * 24 * time.Hour
	// maxSilences are told of.
	maxSilences = 1000
)

// silence is one as the API tells it.
type silence struct {
	Status struct {
		State string `json:"state"`
	} `json:"status"`
	EndsAt   time.Time `json:"endsAt"`
	Matchers []struct {
		Name    string `json:"name"`
		Value   string `json:"value"`
		IsRegex bool   `json:"isRegex"`
		IsEqual *bool  `json:"isEqual"`
	} `json:"matchers"`
}

// manager hands over what is known of the server besides its configuration. The
// error is the context's.
func (r *reader) manager(ctx context.Context, client *webapi.Client, told status) error {
	r.origin = &parity.Origin{File: client.Base(), Precision: parity.AtObject, Object: statusPath}
	var facts []parity.Fact
	if told.version != "" {
		v := parity.Value{Kind: parity.Version, Raw: told.version}
		if canon, ok := value.Version(told.version); ok {
			v.Canon = canon
		}
		facts = append(facts, r.fact("/version", v, nil, parity.VersionForm))
	}
	if told.cluster != "" {
		facts = append(facts, r.fact("/cluster", text(told.cluster), nil), r.fact("/peers", count(told.peers), nil, parity.Circumstances))
	}
	silences, err := r.silences(ctx, client)
	if err != nil {
		return err
	}
	r.subject(parity.Key{Kind: parity.AlertmanagerKind, Name: managerName}, nil, append(facts, silences...))
	return nil
}

// silences gives how many silences there are, and what those mute that matter.
// The error is the context's.
func (r *reader) silences(ctx context.Context, client *webapi.Client) ([]parity.Fact, error) {
	active, muted := 0, map[string]time.Duration{} // with how long it goes on
	err := client.Get(ctx, silencesPath, nil, func(body io.Reader) (err error) {
		active, err = readSilences(body, r.in.Now, muted)
		return err
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	r.origin = &parity.Origin{File: client.Base(), Precision: parity.AtObject, Object: silencesPath}
	if err != nil {
		gap := parity.Gap{Kind: parity.AlertmanagerKind, Path: "/silences", Where: client.Base() + silencesPath, Reason: client.Host() + " could not be asked"}
		var f *webapi.Failure
		if errors.As(err, &f) {
			gap.Reason, gap.Hint = f.What, f.Hint
		}
		r.out.Gap(gap)
		return nil, nil
	}
	if len(muted) > maxSilences {
		r.out.Gap(parity.Gap{
			Kind: parity.AlertmanagerKind, Path: "/silences[=", Where: client.Base() + silencesPath,
			Reason: fmt.Sprintf("more than %d silences go on for long or mute whole alerts; not all are told", maxSilences), Hint: "remove those that nobody needs",
		})
	}
	facts := []parity.Fact{r.fact("/silences", count(active), nil, parity.Circumstances)}
	for name, left := range muted {
		f := r.fact("/silences[="+name+"]", parity.Value{Kind: parity.Set, Raw: name}, nil)
		if left < passing {
			f.Rules = f.Rules.With(parity.Circumstances)
		}
		facts = append(facts, f)
	}
	return facts, nil
}

// readSilences counts the silences that are active, and puts into muted what
// those mute that matter, with how long each goes on.
func readSilences(body io.Reader, now time.Time, muted map[string]time.Duration) (active int, err error) {
	d := json.NewDecoder(body)
	err = webapi.EachItem(d, func() error {
		var s silence
		if err := d.Decode(&s); err != nil {
			return err
		}
		if s.Status.State != "active" {
			return nil
		}
		active++
		left := s.EndsAt.Sub(now)
		name, broad := s.about()
		if before, known := muted[name]; (broad || left > lasting) && (known || len(muted) <= maxSilences) {
			muted[name] = max(left, before)
		}
		return nil
	})
	return active, err
}

// about names what is muted: by its matchers, without the values of labels other
// than the alert's name. broad tells that it is all that there is of an alert,
// or every alert.
func (s *silence) about() (name string, broad bool) {
	var all []string
	broad = true
	for _, m := range s.Matchers {
		op := operator(m.IsEqual == nil || *m.IsEqual, m.IsRegex)
		switch {
		case op == "=~" && m.Value == ".*", m.Name == alertName && (op == "=~" && m.Value == ".+" || op == "!=" && m.Value == ""):
			// It fits whatever there is.
		case m.Name == alertName:
			all = append(all, matcher(m.Name, op, m.Value))
		default:
			broad = false
			all = append(all, m.Name+op+"…")
		}
	}
	slices.Sort(all)
	return shown(all), broad
}

func operator(equal, pattern bool) string {
	switch {
	case equal && pattern:
		return "=~"
	case equal:
		return "="
	case pattern:
		return "!~"
	default:
		return "!="
	}
}

// alertName is the label that names an alert.
const alertName = "alertname"

func count(n int) parity.Value { return parity.Value{Kind: parity.Number, Raw: strconv.Itoa(n)} }
