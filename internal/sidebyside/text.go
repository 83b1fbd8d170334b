package sidebyside

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxShown bounds the paths of one section of the text.
const maxShown = 20

// Write writes the comparison for people. Control characters of names are
// shown as such.
func (r *Result) Write(w io.Writer) error {
	t := &text{}
	t.line("%s%s  %s against %s", clean(r.Endpoint), of(clean(r.Service)), r.Other.Name, r.Reference.Name)
	t.line("")
	width := max(utf8.RuneCountInString(r.Reference.Name), utf8.RuneCountInString(r.Other.Name))
	t.line("  %s  requests   failed      mean       p50       p95  sampling", pad("", width))
	for _, s := range []*Side{&r.Reference, &r.Other} {
		t.line("  %s  %8d  %5.1f %%  %8s  %8s  %8s  %s", pad(s.Name, width), s.Requests, 100*s.Failed, short(s.Mean), short(s.P50), short(s.P95), samplings(s.Sampling))
	}
	r.called(t)
	r.time(t)
	r.open(t)
	if len(r.Notes) > 0 {
		t.line("")
		for _, n := range r.Notes {
			t.line("  note: %s", clean(n))
		}
	}
	_, err := io.WriteString(w, t.String())
	return err
}

type text struct{ strings.Builder }

func (t *text) line(format string, args ...any) {
	t.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " "))
	t.WriteByte('\n')
}

// called tells what is called on one side only, and what more often.
func (r *Result) called(t *text) {
	for _, section := range []struct {
		title   string
		verdict Verdict
	}{
		{"Called in " + r.Reference.Name + ", not in " + r.Other.Name, Missing},
		{"Called in " + r.Other.Name + ", not in " + r.Reference.Name, Extra},
		{"Called more often a request in " + r.Other.Name, MoreOften},
		{"Called less often a request in " + r.Other.Name, LessOften},
	} {
		of := r.with(func(p *PathResult) bool { return p.Verdict == section.verdict && !p.Follows })
		slices.SortStableFunc(of, func(a, b *PathResult) int { return cmp.Compare(b.weight(), a.weight()) })
		if len(of) == 0 {
			continue
		}
		t.line("")
		t.line("%s", section.title)
		for i, p := range of {
			if i == maxShown {
				t.line("  and %d more", len(of)-i)
				break
			}
			t.line("  %s", r.calledLine(p))
			t.line("      %s", way(p.Path))
		}
	}
	if r.Tellable && len(r.with(func(p *PathResult) bool { return p.Verdict != Same && p.Verdict != NotTellable })) == 0 {
		t.line("")
		t.line("The same is called, as often.")
	}
}

// weight is how far a path's counts are apart.
func (p *PathResult) weight() float64 {
	d := p.Other.PerRequest - p.Reference.PerRequest
	return max(d, -d)
}

func (r *Result) calledLine(p *PathResult) string {
	last := clean(p.Path[len(p.Path)-1].String())
	below := len(r.with(func(q *PathResult) bool {
		return q.Follows && len(q.Path) > len(p.Path) && slices.Equal(q.Path[:len(p.Path)], p.Path)
	}))
	more := ""
	if below > 0 {
		more = fmt.Sprintf(", with %d below it", below)
	}
	switch p.Verdict {
	case Missing:
		return fmt.Sprintf("- %s  in %s of the requests%s", last, percent(p.Reference.Share), more)
	case Extra:
		return fmt.Sprintf("+ %s  in %s of the requests, %s a request%s", last, percent(p.Other.Share), number(p.Other.PerRequest), more)
	}
	mark := ""
	if p.NPlusOne {
		mark = "N+1  "
	}
	return fmt.Sprintf("%s%s  %s a request, at most %d; %s %s, at most %d%s", mark, last,
		number(p.Other.PerRequest), p.Other.Most, r.Reference.Name, number(p.Reference.PerRequest), p.Reference.Most, more)
}

// time tells where the time goes.
func (r *Result) time(t *text) {
	of := r.with(func(p *PathResult) bool { return p.TimeTellable && p.SelfDifference != 0 })
	if len(of) == 0 {
		if r.Tellable {
			t.line("")
			t.line("No time of its own of any path differs by more than chance.")
		}
		return
	}
	t.line("")
	t.line("Where the time goes: time of its own a request")
	t.line("  %12s  %12s  %12s  %6s", clip(r.Reference.Name, 12), clip(r.Other.Name, 12), "difference", "share")
	for i, p := range of {
		if i == maxShown {
			t.line("  and %d more", len(of)-i)
			break
		}
		sign := "+"
		if p.SelfDifference < 0 {
			sign = "-"
		}
		t.line("  %12s  %12s  %12s  %4.0f %%  %s", short(p.Reference.Self), short(p.Other.Self), sign+short(p.SelfDifference.Abs()), 100*p.SelfShare,
			clean(p.Path[len(p.Path)-1].String()))
	}
}

// open tells what cannot be told yet.
func (r *Result) open(t *text) {
	of := r.with(func(p *PathResult) bool { return p.Verdict == NotTellable && p.Needed > 0 && !p.Follows })
	if len(of) == 0 {
		return
	}
	slices.SortStableFunc(of, func(a, b *PathResult) int { return cmp.Compare(a.Needed, b.Needed) })
	t.line("")
	t.line("Not yet tellable: seen on one side, and too rare to be missed on the other")
	for i, p := range of {
		if i == maxShown {
			t.line("  and %d more", len(of)-i)
			break
		}
		has, lacks, share := r.Reference.Name, r.Other.Name, p.Reference.Share
		if p.Other.PerRequest > 0 {
			has, lacks, share = lacks, has, p.Other.Share
		}
		t.line("  %s  in %s of the requests of %s; %s needs %d", clean(p.Path[len(p.Path)-1].String()), percent(share), has, lacks, p.Needed)
	}
}

func (r *Result) with(fits func(*PathResult) bool) []*PathResult {
	var out []*PathResult
	for i := range r.Paths {
		if fits(&r.Paths[i]) {
			out = append(out, &r.Paths[i])
		}
	}
	return out
}

// way is the path above the last step, from the endpoint down.
func way(steps []Step) string {
	if len(steps) == 1 {
		return "the endpoint itself"
	}
	parts := make([]string, 0, len(steps)-1)
	for _, s := range steps[:len(steps)-1] {
		parts = append(parts, s.Service+" "+s.Name)
	}
	return "below " + clean(strings.Join(parts, " > "))
}

func of(service string) string {
	if service == "" {
		return ""
	}
	return " of " + service
}

func samplings(of map[string]int) string {
	if len(of) == 1 {
		return slices.Collect(maps.Keys(of))[0]
	}
	var parts []string
	for _, how := range slices.Sorted(maps.Keys(of)) {
		parts = append(parts, fmt.Sprintf("%s (%d)", how, of[how]))
	}
	return strings.Join(parts, ", ")
}

func percent(share float64) string {
	return strconv.FormatFloat(100*share, 'g', 3, 64) + " %"
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) }

// short is a duration with three digits.
func short(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= u.unit {
			return strconv.FormatFloat(float64(d)/float64(u.unit), 'g', 3, 64) + " " + u.name
		}
	}
	return strconv.FormatInt(int64(d), 10) + " ns"
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func clip(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:width-1]) + "…"
}

// clean shows control characters, which a terminal would obey.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, s)
}
