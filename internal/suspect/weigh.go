package suspect

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/word"
)

// weigh says what speaks for and against a candidate of a related service.
func (x symptom) weigh(c *clue, r relation) []point {
	points := append([]point{x.bySurface(c)}, x.byCalls(c, r)...)
	if c.mechanism != nil {
		points = append(points, x.byMechanism(c, r)...)
	} else {
		points = append(points, x.byChange(c))
	}
	named := c.mentions(x.known)
	points = append(points, x.byName(c, named)...)
	points = append(points, x.byOutage(c, r, named)...)
	if r.own {
		points = append(points, x.byQualifier(c))
	}
	return append(points, x.byTriviality(c))
}

// bySurface is what differences of a surface are able to cause at all.
func (x symptom) bySurface(c *clue) point {
	calls := x.peer != ""
	failing := x.failing()
	switch c.Difference.Surface {
	case parity.Network:
		switch {
		case calls && failing:
			return point{3, "it decides who may talk to whom, and calls fail"}
		case failing:
			return point{2, "it decides who may talk to whom, and requests fail"}
		}
		return point{1, "it decides who may talk to whom"}
	case parity.Flag:
		return point{1.5, "it is a feature flag"}
	case parity.Resource:
		if failing {
			return point{0.3, ""}
		}
		return point{0.8, "resources bound how fast it is"}
	case parity.Artifact, parity.Dependency:
		return point{1, "other code runs"}
	case parity.Data:
		return point{1, "other data is read"}
	case parity.Secrets, parity.IdentitySurface:
		if failing {
			return point{1, "what is not allowed fails"}
		}
		return point{-1, ""}
	case parity.Config, parity.Telemetry:
		return point{0.5, ""}
	}
	return point{-1.5, "differences of surface " + c.Difference.Surface.String() + " rarely change how it behaves"}
}

func (x symptom) byMechanism(c *clue, r relation) []point {
	m := c.mechanism
	weight := m.slow
	switch {
	case x.failing() && x.peer != "":
		weight = m.calls
	case x.failing():
		weight = m.errors
	case x.peer != "" && r.own:
		weight-- // it is rather of the peer that its answers take longer
	}
	points := []point{{weight, m.name + ": " + m.says}}
	if d, ok := x.direction(c); ok {
		points = append(points, d)
	}
	switch {
	case !m.wide || !r.own:
	case x.wide:
		points = append(points, point{0.7, "all endpoints of the service are affected, as by " + m.name})
	case x.narrow && x.peer == "":
		points = append(points, point{-0.7, "other endpoints of the service are not affected"})
	}
	return points
}

// direction reports whether the candidate's value is off in the direction in which
// its mechanism makes such a symptom.
func (x symptom) direction(c *clue) (point, bool) {
	sign, size := c.bend()
	if sign == 0 {
		return point{}, false
	}
	if c.mechanism.cuts && !x.failing() {
		sign = -sign
	}
	worse := x.effect == slower || x.effect == moreErrors
	switch {
	case c.mechanism.hint && worse == (sign < 0):
		return point{0.5, "what is switched on does more"}, true
	case c.mechanism.hint:
		return point{-0.5, ""}, true
	case worse == (sign < 0):
		return point{1 + min(size, 1.5)*0.6, "it is off in the direction in which that happens"}, true
	}
	return point{-2, "it is off in the other direction"}, true
}

// bend says which way the candidate bends its mechanism: -1 to the worse, +1 to
// the better, 0 where it is not known; size is by how many powers of two.
func (c *clue) bend() (sign, size float64) {
	m, d := c.mechanism, c.Difference
	column := d.Columns[0]
	have, want := c.values(column)
	if m.name == "log level" {
		return float64(cmp.Compare(loudness(want), loudness(have))), 1
	}
	if d.Class == parity.Missing && m.off != 0 {
		return m.off, 1
	}
	if d.Class == parity.Extra && m.off != 0 {
		return -m.off, 1
	}
	if a, ok := truth(have); ok && m.off != 0 {
		if b, both := truth(want); both && a != b {
			if a {
				return -m.off, 1
			}
			return m.off, 1
		}
	}
	a, okA := number(have)
	b, okB := number(want)
	if !okA || !okB || a == b || m.less == 0 {
		return 0, 0
	}
	size = 3
	if a > 0 && b > 0 {
		size = math.Abs(math.Log2(a / b))
	}
	if a < b {
		return m.less, size
	}
	return -m.less, size
}

// loudness orders levels of logs, louder is higher.
func loudness(text string) int {
	for i, words := range [][]string{{"off", "none", "false"}, {"fatal", "critical"}, {"error"}, {"warn", "warning"}, {"info", "notice"}, {"debug", "true"}, {"trace", "all"}} {
		if slices.Contains(words, strings.ToLower(text)) {
			return i
		}
	}
	return 4
}

func truth(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "true", "on", "yes", "enabled", "1":
		return true, true
	case "false", "off", "no", "disabled", "0", "none":
		return false, true
	}
	return false, false
}

// number reads a count, a duration or a quantity; only two of one unit compare
// rightly, which two spellings of one setting mostly are.
func number(text string) (float64, bool) {
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v, true
	}
	if d, err := time.ParseDuration(text); err == nil {
		return d.Seconds(), true
	}
	for _, u := range []struct {
		suffix string
		scale  float64
	}{{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"MB", 1e6}, {"GB", 1e9}, {"%", 0.01}} {
		if rest, ok := strings.CutSuffix(text, u.suffix); ok {
			if v, err := strconv.ParseFloat(strings.TrimSpace(rest), 64); err == nil {
				return v * u.scale, true
			}
		}
	}
	return 0, false
}

// byChange is what a difference says that is of no known mechanism.
func (x symptom) byChange(c *clue) point {
	switch c.Difference.Change {
	case parity.ToggleChange:
		return point{1, "a switch decides what code runs"}
	case parity.VersionChange:
		return point{0.8, "it is another version"}
	case parity.AddressChange:
		if x.peer != "" {
			return point{1, "it is another address"}
		}
		return point{0.3, ""}
	case parity.SizingChange:
		return point{0.2, ""}
	case parity.TextChange:
		return point{-0.5, ""}
	}
	return point{0, ""}
}

// byName is what the names in a candidate say.
func (x symptom) byName(c *clue, named []string) []point {
	var points []point
	switch {
	case x.peer != "" && slices.Contains(named, x.peer):
		points = append(points, point{2.5, "it names " + x.peer})
	case x.peer != "" && len(named) > 0 && !slices.Contains(named, x.service) && !slices.Contains(c.owners, x.peer):
		points = append(points, point{-2, "it names " + strings.Join(named, ", ") + ", and not " + x.peer})
	case x.peer == "":
		points = x.byNamedPeers(c, named)
	}
	for _, w := range x.words {
		if len(w) > 2 && c.has[word.Singular(w)] && w != x.service && !slices.Contains([]string{"get", "post", "put", "delete", "api"}, w) {
			points = append(points, point{1, fmt.Sprintf("it names %q, as the endpoint does", w)})
			break
		}
	}
	return points
}

// byNamedPeers weighs that a candidate names peers of the service, by what was
// seen of the calls of those.
func (x symptom) byNamedPeers(c *clue, named []string) []point {
	var points []point
	apart := false
	for _, seen := range x.calls {
		same, _ := x.shown(seen)
		apart = apart || same
		if !slices.Contains(named, seen.peer) {
			continue
		}
		switch {
		case same || seen.differs():
			points = append(points, point{1.5, fmt.Sprintf("it names %s, calls of which behave otherwise too", seen.peer)})
		case x.failing() && seen.borne():
			points = append(points, point{2, fmt.Sprintf("it names %s, calls of which fail on both sides, where requests fail on one", seen.peer)})
		}
	}
	if len(points) == 0 && !apart && len(named) > 0 && !slices.Contains(named, x.service) && c.Difference.Surface != parity.Network {
		points = append(points, point{-0.7, "it names " + strings.Join(named, ", ") + ", calls of which are not known to differ"})
	}
	return points
}

// byTriviality is what speaks against differences that change nothing that runs.
func (x symptom) byTriviality(c *clue) point {
	d := c.Difference
	switch {
	case strings.Contains(d.Path, "/metadata/labels/"), strings.Contains(d.Path, "/metadata/annotations/"):
		return point{-4, "labels and annotations do not change what runs"}
	case strings.Contains(d.Path, "Probe/"):
		return point{-1.5, "probes rarely change how requests are answered"}
	}
	for _, w := range []string{"title", "footer", "banner", "color", "colour", "theme", "text", "description", "email", "locale", "currency", "greeting", "contact", "copyright"} {
		if c.has[w] {
			return point{-2, fmt.Sprintf("%q speaks of what is shown, not of how it works", w)}
		}
	}
	return point{0.15 * float64(d.Severity), ""}
}
