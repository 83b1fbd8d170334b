package prometheus

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/promrule"
	"github.com/envparity/parity/internal/webapi"
)

const (
	targetsPath = "/api/v1/targets"
	queryPath   = "/api/v1/query"
	// maxTargets bounds the targets that are looked at, and maxTargetSubjects
	// what is kept of them.
	maxTargets        = 200_000
	maxTargetSubjects = 20_000
)

// targetKey is what targets are gathered by: a job, and in it what is scraped.
type targetKey struct{ job, name string }

// target is what is known of the targets of one key.
type target struct {
	up, down, unknown                       int
	errors, intervals, timeouts, paths, how map[string]bool
	labels                                  map[string]bool
}

func newTarget() *target {
	return &target{
		errors: map[string]bool{}, intervals: map[string]bool{}, timeouts: map[string]bool{},
		paths: map[string]bool{}, how: map[string]bool{}, labels: map[string]bool{},
	}
}

// targetAnswer is one active target as the API tells it. Its address, which may
// hold credentials, is used for its scheme and path alone.
type targetAnswer struct {
	Labels    map[string]string `json:"labels"`
	ScrapeURL string            `json:"scrapeUrl"`
	LastError string            `json:"lastError"`
	Health    string            `json:"health"`
	Interval  string            `json:"scrapeInterval"`
	Timeout   string            `json:"scrapeTimeout"`
}

// targetSet gathers targets.
type targetSet struct {
	found map[targetKey]*target
	seen  int
	cut   bool
}

// targets reads what is scraped, and whether that answers.
func (s *structure) targets(ctx context.Context) {
	set := &targetSet{found: map[targetKey]*target{}}
	partial, err := s.Get(ctx, targetsPath, url.Values{"state": {"active"}}, func(d *json.Decoder) error {
		return webapi.EachField(d, func(key string) error {
			if key != "activeTargets" {
				return webapi.SkipValue(d)
			}
			return webapi.EachItem(d, func() error {
				var t targetAnswer
				if err := d.Decode(&t); err != nil {
					return err
				}
				if fitting(s.match, t.Labels, false) {
					s.addTarget(set, &t)
				}
				return nil
			})
		})
	})
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		s.upSeries(ctx, err)
		return
	}
	s.emitTargets(set, s.origin(targetsPath+"?state=active"), partial)
}

func (s *structure) addTarget(set *targetSet, t *targetAnswer) {
	one := set.at(targetKey{t.Labels["job"], s.targetName(t.Labels)})
	if one == nil {
		return
	}
	switch t.Health {
	case "up":
		one.up++
	case "down":
		one.down++
		one.errors[errorCategory(t.LastError)] = true
	default:
		one.unknown++
	}
	note(one.intervals, t.Interval)
	note(one.timeouts, t.Timeout)
	if u, err := url.Parse(t.ScrapeURL); err == nil {
		note(one.how, u.Scheme)
		note(one.paths, u.Path)
	}
	s.noteLabels(one, t.Labels)
}

func (s *structure) noteLabels(one *target, labels map[string]string) {
	for name := range labels {
		if !s.matched(name) {
			note(one.labels, name)
		}
	}
}

// note adds to a set what is not empty, while the set is small.
func note(set map[string]bool, v string) {
	if v != "" && len(set) < 256 {
		set[v] = true
	}
}

// at gives what is gathered under a key; nil where there is too much.
func (t *targetSet) at(k targetKey) *target {
	t.seen++
	one := t.found[k]
	if one == nil {
		if t.seen > maxTargets || len(t.found) >= maxTargetSubjects {
			t.cut = true
			return nil
		}
		one = newTarget()
		t.found[k] = one
	}
	return one
}

// emitTargets hands over what was gathered.
func (s *structure) emitTargets(set *targetSet, o *parity.Origin, partial bool) {
	where := s.Client.Base() + o.Object
	switch {
	case set.cut:
		s.out.Gap(parity.Gap{Kind: parity.TargetKind, Where: where, Reason: fmt.Sprintf("there are more than %d targets, or %d kinds of them; those after them are not looked at", maxTargets, maxTargetSubjects), Hint: "narrow the source with match"})
	case partial:
		s.partly(parity.TargetKind, o.Object)
	case len(set.found) == 0:
		s.out.Gap(parity.Gap{Kind: parity.TargetKind, Where: where, Reason: s.Client.Host() + " scrapes nothing that fits", Hint: "see match, and whether the server is the one that scrapes"})
	}
	s.targetLabels, s.scraped = map[string]map[string]bool{}, map[string]bool{}
	for _, k := range slices.SortedFunc(maps.Keys(set.found), func(a, b targetKey) int { return cmp.Or(cmp.Compare(a.job, b.job), cmp.Compare(a.name, b.name)) }) {
		t := set.found[k]
		if s.targetLabels[k.job] == nil {
			s.targetLabels[k.job] = map[string]bool{}
		}
		maps.Copy(s.targetLabels[k.job], t.labels)
		maps.Copy(s.scraped, t.paths)
		s.out.Subject(parity.Subject{Key: parity.Key{Kind: parity.TargetKind, Scope: k.job, Name: k.name}, Labels: parity.ServiceLabels(k.name), Origin: o}, t.facts(o))
		if t.up+t.down == 0 {
			s.out.Gap(parity.Gap{Kind: parity.TargetKind, Scope: parity.LiteralPattern(k.job), Name: parity.LiteralPattern(k.name), Path: "/health", Reason: "the target has not been scraped yet", Where: where, Hint: "read again after the scrape interval"})
		}
	}
}

func (t *target) facts(o *parity.Origin) []parity.Fact {
	facts := []parity.Fact{fact(o, "/targets", parity.Value{Kind: parity.Number, Raw: strconv.Itoa(t.up + t.down + t.unknown)}, parity.Circumstances)}
	switch {
	case t.up > 0 && t.down > 0:
		facts = append(facts, fact(o, "/health", text("partly up")))
	case t.up > 0:
		facts = append(facts, fact(o, "/health", text("up")))
	case t.down > 0:
		facts = append(facts, fact(o, "/health", text("down")))
	}
	for _, why := range sortedKeys(t.errors) {
		facts = append(facts, member(o, "/lastError[=", why, parity.Derived)) // health is compared
	}
	for path, set := range map[string]map[string]bool{"/interval": t.intervals, "/timeout": t.timeouts} {
		if len(set) == 1 {
			facts = append(facts, fact(o, path, promrule.ParseDuration(sortedKeys(set)[0]), parity.DurationForm))
		} else if len(set) > 1 {
			facts = append(facts, fact(o, path, text(strings.Join(sortedKeys(set), ", "))))
		}
	}
	for path, set := range map[string]map[string]bool{"/path": t.paths, "/scheme": t.how} {
		if len(set) > 0 {
			facts = append(facts, fact(o, path, text(strings.Join(sortedKeys(set), ", "))))
		}
	}
	for _, name := range sortedKeys(t.labels) {
		facts = append(facts, member(o, parity.MetricLabelsPath, name))
	}
	return facts
}
