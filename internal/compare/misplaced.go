package compare

import (
	"strings"

	"github.com/envparity/parity"
)

// minArguments is how many arguments have to stand in another container for
// them to be taken for misplaced.
const minArguments = 3

// arguments are the flags of a subject's containers, by the container's path.
type arguments map[string]map[string]bool

// argumentsOf gathers them. Containers without any are in it too.
func argumentsOf(facts []parity.Fact) arguments {
	all := arguments{}
	for i := range facts {
		path := facts[i].Path
		at := strings.Index(path, "ontainers[name=")
		if at < 0 || facts[i].DerivedFrom != nil {
			continue
		}
		end := strings.IndexByte(path[at:], ']')
		if end < 0 {
			continue
		}
		container, tail := path[:at+end+1], path[at+end+1:]
		if all[container] == nil {
			all[container] = map[string]bool{}
		}
		if flag, ok := strings.CutPrefix(tail, "/args["); ok && facts[i].Rules.Has(parity.FlagForm) {
			all[container][flag] = true
		}
	}
	return all
}

// shared counts the flags that two containers have in common.
func shared(a, b map[string]bool) int {
	n := 0
	for flag := range a {
		if b[flag] {
			n++
		}
	}
	return n
}

// misplaced finds two containers that both sides have, where most of what are
// the arguments of one on one side are those of the other on the other side:
// a patch by index hit the wrong container. Which of the two sides that is, only
// people can tell.
func misplaced(own, ref arguments) (from, to string, ok bool) {
	for _, from := range sortedContainers(ref) {
		flags := ref[from]
		if len(flags) < minArguments || own[from] == nil || 5*shared(flags, own[from]) > len(flags) {
			continue
		}
		for _, to := range sortedContainers(own) {
			n := shared(flags, own[to])
			if to == from || ref[to] == nil || n < minArguments || 5*n < 3*len(flags) || 5*shared(flags, ref[to]) > len(flags) {
				continue
			}
			return from, to, true
		}
	}
	return "", "", false
}

func sortedContainers(a arguments) []string {
	names := make(map[string]bool, len(a))
	for name := range a {
		names[name] = true
	}
	return sortedKeys(names)
}

// containerName is the name in a container's path.
func containerName(path string) string {
	return strings.TrimSuffix(path[strings.LastIndex(path, "[name=")+len("[name="):], "]")
}

// misplacedArguments visits the difference that a column's subject has in one
// container the arguments that another one has in the reference.
func (j *joiner) misplacedArguments(n int) error {
	w := j.rows[n]
	ref := w.aligned.Sides[j.ref.index]
	if ref == nil {
		return nil
	}
	var theirs arguments
	for _, c := range j.cols {
		own, l := w.aligned.Sides[c.index], j.links[c.index]
		if c == j.ref || own == nil || l == nil || l.missing < minArguments && len(l.free) < minArguments {
			continue
		}
		if theirs == nil {
			theirs = argumentsOf(ref.Facts)
		}
		if len(theirs) < 2 {
			return nil
		}
		mine := argumentsOf(own.Facts)
		place := func(container, stands string, side *parity.SubjectFacts) *parity.Fact {
			s := &side.Subject
			return &parity.Fact{
				Path: container + "/args", Value: parity.Value{Kind: parity.Text, Raw: stands}, Surface: parity.Config,
				Origin: s.Origin, Line: s.Line, Col: s.Col,
			}
		}
		from, to, ok := misplaced(mine, theirs)
		if !ok {
			continue
		}
		a, b := containerName(from), containerName(to)
		out := &parity.Joined{
			Subject: &w.aligned, Path: to + "/args", LogicalPath: to + "/args", Surface: parity.Config,
			Cells: make([]parity.Cell, len(j.cols)), Synthetic: true,
		}
		for i := range out.Cells {
			out.Cells[i] = parity.Cell{State: parity.Absent, Class: parity.Equal}
		}
		out.Cells[j.ref.index] = parity.Cell{State: parity.Present, Class: parity.Equal, Fact: place(to, "in container "+a, ref)}
		out.Cells[c.index] = parity.Cell{
			State: parity.Present, Class: parity.Changed, Change: parity.TextChange, Fact: place(to, "in container "+b, own),
			Note: "the same arguments stand in " + b + " in " + c.name + ", and in " + a + " in " + j.ref.name,
		}
		out.Cause = parity.Cause{
			Kind: "subject", Key: joinKey("arguments", w.aligned.Logical.String(), a, b),
			Label: "container with the arguments of " + a + " in " + w.aligned.Key.Kind + " " + displayName(&w.aligned),
		}
		if err := j.visit(out); err != nil {
			return err
		}
	}
	return nil
}
