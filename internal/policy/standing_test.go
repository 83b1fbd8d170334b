package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

const webImage = "/spec/template/spec/containers[name=web]/image"

// images builds what is known: what staging and production ran before, when
// images were made, and earlier snapshots of staging.
type images struct {
	staging, production []string
	made                map[string]string
	earlier             map[string]string // day to image
}

func (x images) known() *Images {
	snapshot := func(c parity.Column, past []string) *parity.Snapshot {
		sf := parity.SubjectFacts{Subject: parity.Subject{Key: parity.Key{Kind: "Deployment", Scope: "shop", Name: "web"}}}
		for _, ref := range past {
			sf.Facts = append(sf.Facts, parity.Fact{
				Path: parity.ImageHistoryPath + "=" + ref + "]", Value: parity.Value{Kind: parity.Image, Raw: ref}, Rules: parity.SetOf(parity.History),
			})
		}
		return &parity.Snapshot{Column: c, Subjects: []parity.SubjectFacts{sf}}
	}
	a, b := snapshot(staging, x.staging), snapshot(production, x.production)
	for ref, at := range x.made {
		b.Subjects = append(b.Subjects, parity.SubjectFacts{
			Subject: parity.Subject{Key: parity.Key{Kind: parity.ImageSubject, Name: ref}},
			Facts: []parity.Fact{
				{Path: parity.ImageCreatedPath, Value: parity.Value{Kind: parity.Text, Raw: at}},
				{Path: parity.ImageDigestPath, Value: parity.Value{Kind: parity.Image, Raw: ref}},
			},
		})
	}
	known := NewImages([]*parity.Snapshot{a, b})
	for at, ref := range x.earlier {
		s := snapshot(staging, nil)
		s.Time, _ = time.Parse(time.DateOnly, at)
		s.Subjects[0].Facts = append(s.Subjects[0].Facts, parity.Fact{Path: webImage, Value: parity.Value{Kind: parity.Image, Raw: ref}})
		known.AddEarlier(s)
	}
	return known
}

// imagePair joins two images that differ.
func imagePair(have, want string) *parity.Joined {
	c := here(parity.Changed, parity.Image, have)
	c.Change = parity.VersionChange
	return fact(subject("Deployment", "web", "web", "web"), parity.Artifact, webImage, c, here(parity.Equal, parity.Image, want))
}

func TestStanding(t *testing.T) {
	const r = "reg.io/shop/web"
	for _, c := range []struct {
		name, have, want string
		known            images
		state            parity.ImageState
		note             string
		// digest and promoted are M1 in each mode.
		digest, promoted string
	}{
		{
			"one tag, two digests", r + ":1.2.3" + digestA, r + ":1.2.3" + digestB,
			images{},
			parity.ImageRebuild, "rebuild: 1.2.3 is not the same in staging and production (one tag with two digests)", "0/1", "0/1",
		},
		{
			"a rebuild of which the age is known", r + ":1.2.3" + digestA, r + ":1.2.3" + digestB,
			images{made: map[string]string{r + digestA: "2026-11-20T12:00:00Z", r + digestB: "2026-11-22T11:00:00Z"}},
			parity.ImageRebuild, "that of production is newer", "0/1", "0/1",
		},
		{
			"a rebuild after the reference's was there", r + ":1.2.3" + digestA, r + ":1.2.3" + digestB,
			images{staging: []string{r + ":1.2.3" + digestB}},
			parity.ImageRebuild, "rebuild: ", "0/1", "1/1",
		},
		{
			"a rebuild whose tag alone was there before", r + ":1.2.3" + digestA, r + ":1.2.3" + digestB,
			images{staging: []string{r + ":1.2.3"}},
			parity.ImageRebuild, "rebuild: ", "0/1", "0/1",
		},
		{
			"a digest on one side only", r + ":1.2.3" + digestA, r + ":1.2.3",
			images{},
			parity.ImageUnordered, "only one side has a digest", "0/1", "1/1",
		},
		{
			"ahead by version, no age known", r + ":3.9.0", r + ":3.8.2",
			images{},
			parity.ImagePending, "pending: staging is ahead, 3.9.0 (newer by version)", "0/1", "1/1",
		},
		{
			"ahead by version, with its age", r + ":3.9.0", r + ":3.8.2",
			images{made: map[string]string{r + ":3.9.0" + digestA: "2026-11-20T11:00:00Z"}},
			parity.ImagePending, "pending: staging is ahead, 3.9.0, for 3 days (newer by version)", "0/1", "1/1",
		},
		{
			"ahead, first seen in an earlier snapshot", r + ":3.9.0", r + ":3.8.2",
			images{earlier: map[string]string{"2026-11-22": r + ":3.9.0", "2026-11-20": r + ":3.8.2"}},
			parity.ImagePending, "3.9.0, for 1 day", "0/1", "1/1",
		},
		{
			"ahead by when it was made", r + ":4f2a91c", r + ":9c0d1e2",
			images{made: map[string]string{r + ":4f2a91c" + digestA: "2026-11-23T10:00:00Z", r + ":9c0d1e2" + digestB: "2026-11-01T00:00:00Z"}},
			parity.ImagePending, "4f2a91c, for 2 hours (newer by the time at which they were made)", "0/1", "1/1",
		},
		{
			"ahead by what it ran before", r + ":4f2a91c", r + ":9c0d1e2",
			images{staging: []string{r + ":9c0d1e2"}},
			parity.ImagePending, "newer by what staging ran before", "0/1", "1/1",
		},
		{
			"ahead, and what the reference runs was skipped", r + ":3.9.0", r + ":3.8.2",
			images{staging: []string{r + ":3.8.1"}},
			parity.ImageUnpromoted, "unpromoted: production runs 3.8.2, which staging never had", "0/1", "0/1",
		},
		{
			"ahead, and the past does not reach back", r + ":3.9.0", r + ":3.8.2",
			images{staging: []string{r + ":3.8.9"}},
			parity.ImagePending, "pending", "0/1", "1/1",
		},
		{
			"ahead by version, and the reference got a fix since", r + ":3.9.0", r + ":3.8.3",
			images{made: map[string]string{r + ":3.9.0" + digestA: "2026-11-20T00:00:00Z", r + ":3.8.3" + digestB: "2026-11-22T00:00:00Z"}},
			parity.ImageUnpromoted, "it was made after what staging runs", "0/1", "0/1",
		},
		{
			"the reference is ahead", r + ":3.8.2", r + ":3.9.0",
			images{},
			parity.ImageUnpromoted, "unpromoted: production runs 3.9.0, which staging never had", "0/1", "0/1",
		},
		{
			"gone back from what the reference runs", r + ":3.8.2", r + ":3.9.0",
			images{staging: []string{r + ":3.9.0"}},
			parity.ImageBehind, "behind: staging is behind production, which runs 3.9.0", "0/1", "1/1",
		},
		{
			"no order, never there", r + ":4f2a91c", r + ":9c0d1e2",
			images{staging: []string{r + ":aaaaaaa"}},
			parity.ImageUnpromoted, "it is not among what staging ran before", "0/1", "0/1",
		},
		{
			"the reference had it and went on", r + ":4f2a91c", r + ":9c0d1e2",
			images{production: []string{r + ":4f2a91c"}},
			parity.ImageUnpromoted, "newer by what production ran before", "", "0/1",
		},
		{"nothing known", r + ":4f2a91c", r + ":9c0d1e2", images{}, parity.ImageUnordered, "nothing tells which is newer", "0/1", "0/1"},
		{"another repository", "reg.io/shop/job:2", r + ":1", images{}, parity.ImageOther, "the repositories are not the same", "0/1", "0/1"},
		{"one version in two spellings", r + ":v1.2.3" + digestA, r + ":1.2.3" + digestB, images{}, parity.ImageRebuild, "one version", "0/1", "0/1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for mode, want := range map[string]string{"digest": c.digest, "promoted": c.promoted} {
				cfg := &config.Config{Indicators: map[string]config.Target{"M1": {Target: 100, Mode: mode}}}
				j := judgeWith(t, cfg, two, Options{Images: c.known.known()}, Coverage{}, imagePair(c.have, c.want))
				d := only(t, j)
				if d.Image == nil || d.Image.State != c.state || !strings.Contains(d.Note, c.note) {
					t.Errorf("%+v, note %q", d.Image, d.Note)
				}
				got, i := gaugeOf(t, j, "M1")
				if want != "" && got != want+" ?0" {
					t.Errorf("M1 in mode %s is %s, want %s: %q", mode, got, want, i.Evidence)
				}
				if want == "0/1" && !strings.Contains(strings.Join(i.Evidence, "\n"), string(c.state)[:4]) && c.state != parity.ImageOther {
					t.Errorf("the evidence does not say what it is: %q", i.Evidence)
				}
			}
		})
	}
}

func TestStandingOfInstancesAndRoles(t *testing.T) {
	eu := parity.Column{Environment: "production", Instance: "eu", Role: parity.Desired, Rank: 2}
	us := parity.Column{Environment: "production", Instance: "us", Role: parity.Desired, Rank: 2, Reference: true}
	j := judge(t, nil, []parity.Column{eu, us}, imagePair("a/b:1.0.0", "a/b:1.1.0"))
	if d := only(t, j); d.Image == nil || d.Image.State != parity.ImageBehind {
		t.Errorf("an instance that is not there yet is %+v", d.Image)
	}
	declared := parity.Column{Environment: "production", Role: parity.Desired, Rank: 2}
	running := parity.Column{Environment: "production", Role: parity.Live, Rank: 2, Reference: true}
	j = judge(t, nil, []parity.Column{declared, running}, imagePair("a/b:1.0.0", "a/b:1.1.0"))
	if d := only(t, j); d.Image != nil {
		t.Errorf("what is declared is %+v to what runs", d.Image)
	}
}

func TestSeverityOfImages(t *testing.T) {
	of := func(have, want string) parity.Severity {
		return only(t, judge(t, nil, two, imagePair(have, want))).Severity
	}
	pending, unpromoted := of("a/b:1.1.0", "a/b:1.0.0"), of("a/b:1.0.0", "a/b:1.1.0")
	rebuild := of("a/b:1"+digestA, "a/b:1"+digestB)
	if pending >= rebuild || pending >= unpromoted {
		t.Errorf("pending is %s, a rebuild %s, unpromoted %s", pending, rebuild, unpromoted)
	}
	cfg := &config.Config{Severities: []config.SeverityRow{{Image: []parity.ImageState{parity.ImagePending}, Severity: parity.Info}}}
	if d := only(t, judge(t, cfg, two, imagePair("a/b:1.1.0", "a/b:1.0.0"))); d.Severity != parity.Info || !strings.Contains(d.Why, "pending image") {
		t.Errorf("a row of parity.yaml gives %s: %s", d.Severity, d.Why)
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		50 * time.Second: "0 minutes", time.Minute: "1 minute", 61 * time.Minute: "1 hour", 49 * time.Hour: "2 days",
	} {
		if got := age(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}
