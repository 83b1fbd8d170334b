package sarif

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// kindOf is what makes one rule: a class, and a kind of change.
type kindOf struct {
	class  parity.Class
	change parity.Change
}

func (k kindOf) id() string {
	if k.change == "" {
		return k.class.String()
	}
	return k.class.String() + "." + view.Line(string(k.change))
}

// name is the ID in Pascal case, as the standard wants it.
func (k kindOf) name() string {
	name := ""
	for _, word := range strings.FieldsFunc(k.id(), func(r rune) bool { return r == '.' || r == '-' }) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

// meanings says what each kind of change is about, and what to do.
var meanings = map[parity.Change][2]string{
	parity.ToggleChange:     {"A switch is on in one place and off in another.", "Give the switch the same position, or say in an expectation why it differs."},
	parity.VersionChange:    {"Another version runs.", "Promote the same version, by digest where you can."},
	parity.SizingChange:     {"A size differs by another ratio than expected.", "Adjust the size, or set the surface's tolerance to the ratio that you want."},
	parity.ScheduleChange:   {"Something runs at another time.", "Use the same schedule, or say in an expectation why it differs."},
	parity.AddressChange:    {"An address points elsewhere.", "Point it at this environment's own counterpart."},
	parity.TextChange:       {"A setting has another text.", "Give it the same meaning, or say in an expectation why it differs."},
	parity.SecretChange:     {"A secret has other contents.", "Check that each environment has its own secret, of the same shape."},
	parity.KindChange:       {"It is of another kind.", "Use the same kind of object in both."},
	parity.NameChange:       {"It has another name.", "Give it the same name, or map the two in parity.yaml."},
	parity.OrderChange:      {"The same items stand in an order that matters.", "Put them in the same order."},
	parity.StructureChange:  {"One side holds a list or a map where the other holds a value.", "Give both the same structure."},
	parity.BehaviourChange:  {"An endpoint or an integration behaves otherwise.", "Look at the suspects beside it."},
	parity.AskedChange:      {"A variable that the code asks for is not set.", "Set it, or take it out of the code."},
	parity.IdentifierChange: {"An identifier is another one, or stands for two things.", "Check which of the two is meant."},
}

// advice says what to do about a class that has no kind of change.
func advice(c parity.Class) string {
	switch c {
	case parity.Missing:
		return "Add it to this environment, or say in an expectation why it is not there."
	case parity.Extra:
		return "Remove it from this environment, bring it to the reference, or say in an expectation why it is only there."
	case parity.Leak:
		return "Put this environment's own name in its place before anything else."
	case parity.Expected, parity.Excepted:
		return "Nothing is to be done as long as that holds."
	case parity.Ambiguous:
		return "Name the pair under align in parity.yaml."
	default:
		return "Run parity explain with the fingerprint for the whole story."
	}
}

// rules makes the rules that the groups need, ordered by class and change,
// and finds their places.
func rules(groups []parity.Group) ([]rule, map[kindOf]int) {
	var kinds []kindOf
	seen := map[kindOf]int{}
	for _, g := range groups {
		for _, d := range g.Differences {
			k := kindOf{d.Class, d.Change}
			if _, ok := seen[k]; !ok && reported(d.Class) {
				seen[k] = 0
				kinds = append(kinds, k)
			}
		}
	}
	slices.SortFunc(kinds, func(a, b kindOf) int {
		return cmp.Or(cmp.Compare(a.class, b.class), strings.Compare(string(a.change), string(b.change)))
	})
	out := make([]rule, len(kinds))
	for i, k := range kinds {
		seen[k] = i
		out[i] = ruleOf(k)
	}
	return out, seen
}

func ruleOf(k kindOf) rule {
	what, todo := view.Meaning(k.class), advice(k.class)
	if m, ok := meanings[k.change]; ok {
		what += " " + m[0]
		if k.class == parity.Changed {
			todo = m[1]
		}
	}
	level := "warning"
	switch {
	case k.class == parity.Leak:
		level = "error"
	case !k.class.Counts():
		level = "note"
	}
	return rule{
		ID: k.id(), Name: k.name(),
		ShortDescription:     text{Text: view.Kind(k.class, k.change)},
		FullDescription:      &text{Text: what},
		Help:                 &text{Text: what + " " + todo, Markdown: what + "\n\n" + todo},
		DefaultConfiguration: &configuration{Level: level},
		Properties:           map[string]any{"tags": []string{"parity", k.class.String()}},
	}
}

// reported reports whether a class is reported: what counts, what was explained
// away (as suppressed), and what nothing can be said of.
func reported(c parity.Class) bool {
	return c.Counts() || c.LowersConfidence() || c == parity.Excepted || c == parity.Expected
}

// notifications are the descriptors of what is reported beside results.
func notifications() []rule {
	return []rule{
		{ID: "gap", Name: "Gap", ShortDescription: text{Text: "Something could not be looked at; what is unknown is never equal."}},
		{ID: "policy", Name: "Policy", ShortDescription: text{Text: "parity.yaml says something that is not so."}},
	}
}
